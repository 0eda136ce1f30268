#include "core/codec/html.hpp"

#include "core/codec/format.hpp"
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

std::string page_start(const PageHead& head) {
  return text::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n"
      "<a class=\"skip\" href=\"#{}\">{}</a>\n",
      escaped(head.title), head.style, head.skip_to, head.skip_text);
}

}  // namespace mcpauth::html
