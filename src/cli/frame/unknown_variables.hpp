#pragma once

#include <span>
#include <string>

#include "cli/frame/env.hpp"

namespace mcpauth::cli {

/// Warns of variables called MCPAUTH_… that no command reads, such as a setting with a typo in its
/// name. A variable that `args` or the configuration refer to as `env:NAME` is not reported. Does
/// nothing under --quiet.
void warn_of_unknown_variables(std::span<const std::string> args, Env& env);

}  // namespace mcpauth::cli
