#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {

/// A line of a file as it can be shown: tabs as blanks, what cannot be seen escaped, and of a long
/// line the part about the span.
struct Snippet {
  std::string text = {};
  std::size_t lead = 0;   ///< columns of the terminal before the span
  std::size_t width = 0;  ///< columns that the span takes; one at least
  bool is_whole = true;   ///< nothing of the line was cut off
};

/// The first line of a span.
Snippet snippet_of(const SourceText& source, const toml::Span& span);

/// How many columns a terminal takes for it; for text that is safe to print.
std::size_t display_width(std::string_view text);

}  // namespace mcpauth::policy::lint
