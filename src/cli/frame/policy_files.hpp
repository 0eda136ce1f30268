#pragma once

#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/policy/engine/decide.hpp"
#include "core/policy/engine/load.hpp"

namespace mcpauth::cli {

/// The policy that a command works on: `given` (from --policy), else the configured one, else
/// `rbac.toml`. Errc::not_found when the last two do not exist.
Result<std::string> policy_file(const std::string& given, Env& env);

/// The policies of a command that takes several: those given, or without any the one of
/// `policy_file`. A directory stands for the `rbac.toml` in it.
Result<std::vector<std::string>> policy_paths(std::vector<std::string> given, Env& env);

/// Reads a policy and collects everything that is wrong in it. `-` is stdin.
Result<policy::Reading> read_policy(const std::string& file, Env& env);

/// The policy of `policy_file`, ready to decide. The `problems` of the error hold everything that
/// is wrong in it.
Result<policy::Engine> load_policy(const std::string& given, Env& env);

/// The digest that audit records name a policy by: the SHA-256 of its text in base64url. For a
/// policy of several files it is over the names and digests of all of them, so a change in any one
/// shows.
std::string digest_of(const std::vector<policy::Source>& sources);

}  // namespace mcpauth::cli
