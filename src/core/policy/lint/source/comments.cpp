#include "core/policy/lint/source/comments.hpp"

#include <algorithm>

#include "core/codec/ascii.hpp"
#include "core/codec/toml_lexer.hpp"

namespace mcpauth::policy::lint {

std::vector<Comment> comments_of(std::string_view text) {
  using Kind = toml::Lexeme::Kind;
  std::vector<Comment> comments;
  unsigned line = 1;
  bool is_alone = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto lexeme = toml::first_lexeme(text.substr(at));
    if (lexeme.kind == Kind::comment) {
      auto comment = lexeme.text;
      if (comment.ends_with('\r')) comment.remove_suffix(1);
      comments.push_back({.offset = at, .text = comment, .line = line, .is_alone = is_alone});
    }
    is_alone =
        lexeme.kind == Kind::line_break ||
        (is_alone && std::ranges::all_of(lexeme.text, [](char c) { return text::is_blank(c); }));
    line += static_cast<unsigned>(std::ranges::count(lexeme.text, '\n'));
    at += lexeme.text.size();
  }
  return comments;
}

}  // namespace mcpauth::policy::lint
