#include "core/policy/lint/source/tidy_tokens.hpp"

#include "core/policy/lint/source/comments.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kPunctuation = "[]{},=";

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

std::string_view without_blanks_behind(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> out;
  while (!text.empty()) {
    const auto [kind, piece] = first_piece(text);
    switch (kind) {
      case Piece::Kind::string:
        out.push_back({Token::Kind::string, piece});
        break;
      case Piece::Kind::comment:
        out.push_back({Token::Kind::comment, without_blanks_behind(piece)});
        break;
      case Piece::Kind::line_end:
        out.push_back({Token::Kind::line_end, piece});
        break;
      case Piece::Kind::other:
        add_words(piece, out);
        break;
    }
    text.remove_prefix(piece.size());
  }
  return out;
}

}  // namespace mcpauth::policy::lint
