#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace mcpauth::policy::lint {

/// A comment of a TOML file, from its `#` to the end of the line.
struct Comment {
  std::size_t offset = 0;  ///< of the `#`
  std::string_view text = {};
  unsigned line = 0;
  bool is_alone = false;  ///< nothing but blanks stands before it in its line
};

/// The comments of a TOML text, in order. Knows where strings begin and end, so that a `#` in one
/// is none. Of a text that is no TOML it gives something, and does not fail.
std::vector<Comment> comments_of(std::string_view text);

/// One character of the structure of a TOML text, or a whole string or comment of it.
struct Piece {
  enum class Kind : unsigned char { other, string, comment, line_end };
  Kind kind = Kind::other;
  std::string_view text = {};
};

/// The piece that begins a text that does not begin within one; the text must not be empty. Pieces
/// of kind `other` are runs without a quote, `#` or line break.
Piece first_piece(std::string_view text);

}  // namespace mcpauth::policy::lint
