#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace mcpauth {

/// The text as a decimal number without a sign. Nothing when it is empty, has anything but digits
/// or does not fit into T.
template <std::integral T>
std::optional<T> parse_number(std::string_view digits) {
  T value = 0;
  const char* const end = digits.data() + digits.size();
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): the end is passed too
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || stop != end || digits.front() == '-') return std::nullopt;
  return value;
}

}  // namespace mcpauth
