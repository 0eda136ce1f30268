#include "core/policy/lint/source/comments.hpp"

#include <algorithm>

namespace mcpauth::policy::lint {
namespace {

/// The length of the string that begins here with one quote: to its end, or to that of the line.
std::size_t short_string(std::string_view text) {
  const char quote = text.front();
  std::size_t at = 1;
  while (at < text.size() && text[at] != '\n') {
    if (text[at] == quote) return at + 1;
    const bool is_escape = quote == '"' && text[at] == '\\' && at + 1 < text.size();
    at += is_escape && text[at + 1] != '\n' ? 2U : 1U;
  }
  return at;
}

/// The length of the string that begins here with three quotes. Up to two more may stand right
/// before the three that end it.
std::size_t long_string(std::string_view text) {
  const char quote = text.front();
  std::size_t at = 3;
  while (at < text.size()) {
    if (quote == '"' && text[at] == '\\') {
      at += 2;
    } else if (text.substr(at, 3) == text.substr(0, 3)) {
      at += 3;
      for (int more = 0; more < 2 && at < text.size() && text[at] == quote; ++more)
        ++at;
      return at;
    } else {
      ++at;
    }
  }
  return text.size();
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

Piece first_piece(std::string_view text) {
  const char c = text.front();
  if (c == '\n') return {Piece::Kind::line_end, text.substr(0, 1)};
  if (c == '#') return {Piece::Kind::comment, text.substr(0, text.find('\n'))};
  if (c != '"' && c != '\'')
    return {Piece::Kind::other, text.substr(0, text.find_first_of("\"'#\n"))};
  const bool is_long = text.size() >= 3 && text[1] == c && text[2] == c;
  const auto length = is_long ? long_string(text) : short_string(text);
  return {Piece::Kind::string, text.substr(0, length)};
}

std::vector<Comment> comments_of(std::string_view text) {
  std::vector<Comment> comments;
  unsigned line = 1;
  bool is_alone = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto piece = first_piece(text.substr(at));
    if (piece.kind == Piece::Kind::comment) {
      auto comment = piece.text;
      if (comment.ends_with('\r')) comment.remove_suffix(1);
      comments.push_back({.offset = at, .text = comment, .line = line, .is_alone = is_alone});
    }
    is_alone = piece.kind == Piece::Kind::line_end || (is_alone && is_blank(piece.text));
    line += static_cast<unsigned>(std::ranges::count(piece.text, '\n'));
    at += piece.text.size();
  }
  return comments;
}

}  // namespace mcpauth::policy::lint
