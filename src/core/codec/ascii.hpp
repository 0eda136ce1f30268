#pragma once

#include <algorithm>
#include <string>
#include <string_view>

// Characters of ASCII, whatever the locale. Bytes above 0x7F belong to none of these classes.
namespace mcpauth::text {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A space or a tab.
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// A blank or a line end.
constexpr bool is_space(char c) {
  return is_blank(c) || c == '\n' || c == '\r';
}

/// Whether there is nothing but blanks and line ends.
constexpr bool is_blank(std::string_view text) {
  return std::ranges::all_of(text, is_space);
}

/// Without the blanks and line ends at both ends.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  return text;
}

/// The letters A to Z become small; every other byte stays.
inline std::string lowered(std::string_view text) {
  std::string out(text);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

}  // namespace mcpauth::text
