#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mcpauth::text {

struct Decoded {
  char32_t code = 0;
  std::size_t length = 0;  ///< in bytes; 0 when it is not well-formed UTF-8
};

/// The code point at the start of `bytes`, which are not empty.
Decoded decode(std::string_view bytes);

/// Whether a reader cannot see it, or it changes how other text is shown: controls, odd spaces,
/// joiners, bidi marks, variation selectors, tags, noncharacters.
bool is_hidden(char32_t code);

/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes);

/// Makes text from outside safe for a terminal, a log line and a CI log. Control characters, ANSI,
/// bidi and invisible characters and invalid UTF-8 become \xNN or \u{NNNN}. A `::` or `##[` at the
/// start, which GitHub and Azure read as a command, is broken up. The result is always one line.
std::string printable(std::string_view from_outside);

/// Shortens text from outside so that it fits in a sentence. More than 280 code points become the
/// first 240, followed by "… (70,000 bytes)" with the whole length. Most paths and OAuth error
/// descriptions are shorter than that. Not escaped.
std::string excerpt(std::string_view from_outside);

/// A name or value for a sentence: in backquotes. Not escaped.
std::string quoted(std::string_view text);

/// Shortens a message: each part in backquotes as `excerpt` does, and then the whole message when
/// it is still over 2000 code points.
std::string shortened(std::string_view message);

/// Edit distance with transpositions (optimal string alignment), by bytes.
std::size_t distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, if it is near enough to be what was meant.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

/// "did you mean `x`?"
std::string did_you_mean(std::string_view candidate);

/// The same for the nearest candidate. Empty when none is near enough.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

/// Splits at every `separator`; n separators give n+1 parts.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace mcpauth::text
