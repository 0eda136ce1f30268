#pragma once

#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/policy/engine/decide.hpp"
#include "core/policy/engine/load.hpp"

namespace mcpauth::cli {

/// The policy that a command is about: what `--policy` gave, else the configuration's, else
/// `rbac.toml`.
Result<std::string> policy_file(const std::string& given, Env& env);

/// The policies that a command is about when it takes several: those given, of a folder its
/// `rbac.toml`; without any the one of `policy_file`.
Result<std::vector<std::string>> policy_paths(std::vector<std::string> given, Env& env);

/// That policy with all that is wrong in it; `-` is standard input.
Result<policy::Reading> read_policy(const std::string& file, Env& env);

/// That policy, ready to decide by. All that is wrong in it is in the error's `problems`.
Result<policy::Engine> load_policy(const std::string& given, Env& env);

}  // namespace mcpauth::cli
