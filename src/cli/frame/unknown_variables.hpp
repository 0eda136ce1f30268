#pragma once

#include <span>
#include <string>

#include "cli/frame/env.hpp"

namespace mcpauth::cli {

/// Warns, unless under --quiet, of variables called MCPAUTH_… that nothing reads, such as a setting
/// with a mistake in its name. One that `args` or the configuration name as `env:NAME` is known.
void warn_of_unknown_variables(std::span<const std::string> args, Env& env);

}  // namespace mcpauth::cli
