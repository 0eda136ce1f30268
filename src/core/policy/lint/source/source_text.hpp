#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/codec/toml.hpp"

namespace mcpauth::policy::lint {

/// Finds lines and columns in a text, in time that does not grow with the line. The text must
/// outlive it.
class SourceText {
 public:
  explicit SourceText(std::string_view text);

  std::string_view text() const { return text_; }
  unsigned line_count() const { return static_cast<unsigned>(lines_.size()); }
  /// The line of this number, from 1, without its end; empty beyond the text.
  std::string_view line(unsigned number) const;
  /// The byte at which a line begins; beyond the text its end.
  std::size_t line_begin(unsigned number) const;
  /// The byte at a column of a line, at most the end of that line. Columns from 1, in code points.
  std::size_t offset(unsigned line, unsigned column) const;
  /// Line and column of a byte.
  toml::Span at(std::size_t offset) const;

 private:
  std::size_t points_before(std::size_t offset) const;

  std::string_view text_;
  std::vector<std::size_t> lines_;   // where each begins
  std::vector<std::size_t> blocks_;  // code points before each block of bytes; empty: all is ASCII
};

/// Whether a byte begins a character.
constexpr bool begins_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

}  // namespace mcpauth::policy::lint
