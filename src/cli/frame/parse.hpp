#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"

namespace mcpauth::cli {

/// Reads the arguments behind the command's words into the targets of `options`. Flags and
/// arguments by position may be mixed; after `--` everything is by position. What was not given
/// comes from the option's environment variable. Every failure is Errc::usage; `command` is named
/// in the hints.
Result<void> parse(std::span<const Option* const> options, std::span<const std::string> args,
                   const Variables& variable, std::string_view command);

/// "unknown flag `--audiance`; did you mean `--audience`?"
Error unknown_flag(std::string_view flag, std::span<const Option* const> options,
                   std::string_view command);

}  // namespace mcpauth::cli
