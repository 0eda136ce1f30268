#pragma once

#include <string>

#include "cli/frame/env.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::cli {

/// The policy in a file, or, for what is no file and looks like `REV:PATH`, the one of a git
/// revision with what it includes there. Git is asked without a shell, for whole files only.
Result<policy::Engine> policy_at(const std::string& file_or_revision, Env& env);

}  // namespace mcpauth::cli
