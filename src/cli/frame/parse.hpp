#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"

namespace mcpauth::cli {

/// Parses the arguments after the command's words into the targets of `options`. Flags and
/// positional arguments may be mixed; after `--` everything is positional. An option that is not
/// given takes the value of its environment variable. Every error is Errc::usage and its hint names
/// `command`.
Result<void> parse(std::span<const Option* const> options, std::span<const std::string> args,
                   const Variables& variable, std::string_view command);

/// "unknown flag `--audiance`; did you mean `--audience`?"
Error unknown_flag(std::string_view flag, std::span<const Option* const> options,
                   std::string_view command);

}  // namespace mcpauth::cli
