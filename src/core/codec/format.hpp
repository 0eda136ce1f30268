#pragma once

#include <string>

#include <fmt/core.h>

namespace mcpauth::text {

/// What `format` calls once the compiler has checked the format string.
std::string format_checked(fmt::string_view format, fmt::format_args arguments);

/// The text with each `{}` replaced by the next argument: format("{} of {} rules", 3, 7). A format
/// string that does not fit its arguments does not compile. The syntax is that of std::format,
/// which g++ 12 lacks; {fmt} is its origin.
template <class... Arguments>
std::string format(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  return format_checked(format, fmt::make_format_args(arguments...));
}

}  // namespace mcpauth::text
