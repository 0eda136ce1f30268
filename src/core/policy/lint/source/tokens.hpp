#pragma once

#include <string_view>
#include <vector>

namespace mcpauth::policy::lint {

/// A token of a TOML file, as the formatter places it: a name or value without blanks in it, a
/// whole string or comment, a line end, or one of `[ ] { } , =`.
struct Token {
  enum class Kind : unsigned char { word, string, comment, line_end, punctuation };
  Kind kind = Kind::word;
  std::string_view text = {};

  bool is(char c) const { return kind == Kind::punctuation && text.front() == c; }
};

/// The tokens of a text that is TOML. Blanks are dropped.
std::vector<Token> tokens_of(std::string_view text);

}  // namespace mcpauth::policy::lint
