#pragma once

#include <string_view>
#include <vector>

namespace mcpauth::policy::lint {

/// A word of a TOML file. Blanks are not among them.
struct Token {
  enum class Kind : unsigned char { word, string, comment, line_end, punctuation };
  Kind kind = Kind::word;
  std::string_view text = {};

  bool is(char c) const { return kind == Kind::punctuation && text.front() == c; }
};

/// The words of a text that is TOML. Punctuation is one of `[ ] { } , =`.
std::vector<Token> tokens_of(std::string_view text);

}  // namespace mcpauth::policy::lint
