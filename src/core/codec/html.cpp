#include "core/codec/html.hpp"

#include "core/codec/text.hpp"

namespace mcpauth::html {

std::string escaped(std::string_view from_outside) {
  std::string out;
  for (const char c : text::printable(from_outside)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace mcpauth::html
