#include "core/codec/toml_lexer.hpp"

#include <algorithm>

namespace mcpauth::toml {
namespace {

/// How far to step at `at`: in a basic string, over a backslash together with what it escapes.
std::size_t step(std::string_view text, std::size_t at, char quote) {
  const bool is_escape = quote == '"' && text[at] == '\\' && at + 1 < text.size() &&
                         (text[at + 1] == '"' || text[at + 1] == '\\');
  return is_escape ? 2 : 1;
}

/// A string that begins with one quote.
Lexeme short_string(std::string_view text) {
  const char quote = text.front();
  std::size_t at = 1;
  for (; at < text.size() && text[at] != '\n' && text[at] != '\r'; at += step(text, at, quote)) {
    if (text[at] == quote) return {Lexeme::Kind::string, text.substr(0, at + 1)};
  }
  return {Lexeme::Kind::string, text.substr(0, at), false};
}

/// A string that begins with three quotes.
Lexeme long_string(std::string_view text) {
  const char quote = text.front();
  const auto quotes = text.substr(0, 3);
  for (std::size_t at = 3; at < text.size(); at += step(text, at, quote)) {
    if (text.substr(at, 3) != quotes) continue;
    // Up to two quotes of its own may stand right before the three that close it.
    auto end = at + 3;
    const auto most = std::min(end + 2, text.size());
    while (end < most && text[end] == quote)
      ++end;
    return {Lexeme::Kind::string, text.substr(0, end)};
  }
  return {Lexeme::Kind::string, text, false};
}

}  // namespace

Lexeme first_lexeme(std::string_view text) {
  const char c = text.front();
  if (c == '\n') return {Lexeme::Kind::line_break, text.substr(0, 1)};
  if (c == '#') return {Lexeme::Kind::comment, text.substr(0, text.find('\n'))};
  if (c != '"' && c != '\'') {
    return {Lexeme::Kind::other, text.substr(0, text.find_first_of("\"'#\n"))};
  }
  const bool is_long = text.size() >= 3 && text[1] == c && text[2] == c;
  return is_long ? long_string(text) : short_string(text);
}

}  // namespace mcpauth::toml
