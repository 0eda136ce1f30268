#include "core/policy/lint/source/tokens.hpp"

#include <algorithm>

#include "core/codec/toml_lexer.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kPunctuation = "[]{},=";

/// Adds the words and the punctuation of text without strings, comments and line breaks.
void add_words(std::string_view text, std::vector<Token>& out) {
  while (true) {
    const auto begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return;
    text.remove_prefix(begin);
    if (kPunctuation.find(text.front()) != std::string_view::npos) {
      out.push_back({Token::Kind::punctuation, text.substr(0, 1)});
      text.remove_prefix(1);
    } else {
      const auto end = std::min(text.find_first_of(" \t\r[]{},="), text.size());
      out.push_back({Token::Kind::word, text.substr(0, end)});
      text.remove_prefix(end);
    }
  }
}

std::string_view without_trailing_blanks(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
  using Lexeme = toml::Lexeme::Kind;
  std::vector<Token> out;
  while (!text.empty()) {
    const auto lexeme = toml::first_lexeme(text);
    switch (lexeme.kind) {
      case Lexeme::string:
        out.push_back({Token::Kind::string, lexeme.text});
        break;
      case Lexeme::comment:
        out.push_back({Token::Kind::comment, without_trailing_blanks(lexeme.text)});
        break;
      case Lexeme::line_break:
        out.push_back({Token::Kind::line_end, lexeme.text});
        break;
      case Lexeme::other:
        add_words(lexeme.text, out);
        break;
    }
    text.remove_prefix(lexeme.text.size());
  }
  return out;
}

}  // namespace mcpauth::policy::lint
