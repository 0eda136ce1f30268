#pragma once

#include <algorithm>
#include <string>
#include <string_view>

// Characters of ASCII, whatever the locale. Bytes above 0x7F belong to none of these classes.
namespace mcpauth::text {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr bool is_letter(char c) {
  return is_lower(c) || is_upper(c);
}

/// A letter or a digit.
constexpr bool is_alphanumeric(char c) {
  return is_letter(c) || is_digit(c);
}

/// The value of a hexadecimal digit; -1 when it is not one.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr bool is_hex_digit(char c) {
  return hex_value(c) >= 0;
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
constexpr char lowered(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    c = lowered(c);
  return out;
}

/// Whether two texts are the same but for the case of the letters A to Z.
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lowered(x) == lowered(y); });
}

}  // namespace mcpauth::text
