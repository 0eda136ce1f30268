#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {

/// A line of a file, safe to print: tabs are blanks, invisible characters are escaped, and of a
/// long line only the part around the span remains.
struct Snippet {
  std::string text = {};
  std::size_t lead = 0;   ///< columns of the terminal before the span
  std::size_t width = 0;  ///< columns of the span, at least one
  bool is_whole = true;   ///< false: part of the line was cut off
};

/// The first line of the span.
Snippet snippet_of(const SourceText& source, const toml::Span& span);

/// The columns that a terminal needs for text that is safe to print. Wide characters take two,
/// combining marks none.
std::size_t display_width(std::string_view text);

}  // namespace mcpauth::policy::lint
