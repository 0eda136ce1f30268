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
  bool is_alone = false;  ///< only blanks come before it in its line
};

/// The comments of a TOML text, in order. A `#` inside a string is not a comment. Never fails: for
/// a text that is not TOML, the result is a guess.
std::vector<Comment> comments_of(std::string_view text);

}  // namespace mcpauth::policy::lint
