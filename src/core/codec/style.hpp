#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Text as a terminal shows it: colour, and how many columns it takes.
namespace mcpauth::text {

enum class Style : std::uint8_t {
  plain,
  bold,
  dim,
  red,
  green,
  yellow,
  bold_red,
  bold_yellow,
  bold_blue,
  bold_cyan,
};

/// The text with the control sequences of a style. Unchanged when `color` is false, the style is
/// plain or the text is empty.
std::string styled(std::string_view text, Style style, bool color);

/// The columns that a text takes on a terminal, one for each code point. Control sequences count
/// too: measure before styling.
std::size_t width_of(std::string_view text);

/// Padded with blanks to `width` columns. Longer text is not cut.
std::string padded(std::string_view text, std::size_t width);
/// The same with the blanks before the text, as for numbers in a table.
std::string padded_left(std::string_view text, std::size_t width);

}  // namespace mcpauth::text
