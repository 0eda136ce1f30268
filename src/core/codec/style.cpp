#include "core/codec/style.hpp"

#include <algorithm>

#include "core/base/panic.hpp"

namespace mcpauth::text {
namespace {

/// The parameters of the "select graphic rendition" sequence (ECMA-48 section 8.3.117).
std::string_view parameters(Style style) {
  switch (style) {
    case Style::plain:
      return "";
    case Style::bold:
      return "1";
    case Style::dim:
      return "2";
    case Style::red:
      return "31";
    case Style::green:
      return "32";
    case Style::yellow:
      return "33";
    case Style::bold_red:
      return "1;31";
    case Style::bold_yellow:
      return "1;33";
    case Style::bold_blue:
      return "1;34";
    case Style::bold_cyan:
      return "1;36";
  }
  panic("a Style without a control sequence");
}

std::string blanks(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, width_of(text)), ' ');
}

}  // namespace

std::string styled(std::string_view text, Style style, bool color) {
  if (!color || style == Style::plain || text.empty()) return std::string(text);
  return std::string("\033[").append(parameters(style)).append("m").append(text).append("\033[0m");
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string padded(std::string_view text, std::size_t width) {
  return std::string(text) + blanks(text, width);
}

std::string padded_left(std::string_view text, std::size_t width) {
  return blanks(text, width) + std::string(text);
}

}  // namespace mcpauth::text
