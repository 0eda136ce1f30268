#pragma once

#include <cstdint>
#include <string_view>

namespace mcpauth::toml {

/// A whole string, comment or line break of a TOML text, or a run of anything else.
struct Lexeme {
  enum class Kind : std::uint8_t { other, string, comment, line_break };
  Kind kind = Kind::other;
  std::string_view text = {};  ///< of a string with its quotes, of a comment from its `#`
  bool is_closed = true;       ///< false for a string that lacks its closing quotes
};

/// The lexeme at the start of `text`, which is not empty and does not begin inside a string or a
/// comment. This is the only code that decides where strings and comments end, so the readers that
/// use it cannot disagree. Never fails: a string that is not closed reaches to the end of its line,
/// or with three quotes to the end of the text. A run of kind `other` holds no quote, no `#` and no
/// line feed.
Lexeme first_lexeme(std::string_view text);

}  // namespace mcpauth::toml
