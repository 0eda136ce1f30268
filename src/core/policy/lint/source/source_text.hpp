#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/codec/toml.hpp"

namespace mcpauth::policy::lint {

/// Converts between lines, columns and bytes of a text, in time that does not grow with the length
/// of a line. The text must outlive it.
class SourceText {
 public:
  explicit SourceText(std::string_view text);

  std::string_view text() const { return text_; }
  unsigned line_count() const { return static_cast<unsigned>(lines_.size()); }
  /// The line with this number, counted from 1, without its line end. Empty after the last line.
  std::string_view line(unsigned number) const;
  /// The byte at which a line begins. After the last line: the end of the text.
  std::size_t line_begin(unsigned number) const;
  /// The byte at a column of a line, at most the end of that line. Columns are counted from 1, in
  /// code points.
  std::size_t offset(unsigned line, unsigned column) const;
  /// The line and column of a byte, as an empty span.
  toml::Span at(std::size_t offset) const;

 private:
  std::size_t points_before(std::size_t offset) const;

  std::string_view text_;
  std::vector<std::size_t> lines_;   // where each begins
  std::vector<std::size_t> blocks_;  // code points before each block of bytes; empty for ASCII
};

/// Whether a byte begins a character.
constexpr bool begins_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

}  // namespace mcpauth::policy::lint
