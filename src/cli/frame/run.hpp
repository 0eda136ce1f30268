#pragma once

#include <span>
#include <string_view>

#include "cli/frame/env.hpp"

namespace mcpauth::cli {

/// Parses the arguments (without the program's name), runs one command and reports its error.
/// Returns the exit status. Never throws.
int run(std::span<const std::string_view> args, Env& env) noexcept;

}  // namespace mcpauth::cli
