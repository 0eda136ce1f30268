#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mcpauth::text {

struct Decoded {
  char32_t code = 0;
  std::size_t length = 0;  ///< in bytes; 0: not well-formed UTF-8 here
};

/// The code point at the start of `bytes`, which are not empty.
Decoded decode(std::string_view bytes);

/// Whether a reader cannot see it, or it changes how the rest is shown: controls, odd spaces,
/// joiners, bidi marks, variation selectors, tags, noncharacters.
bool is_hidden(char32_t code);

/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes);

/// Text from a stranger, made safe for a terminal, a log line and a CI log: control characters,
/// ANSI, bidi and invisible characters and invalid UTF-8 become \xNN or \u{NNNN}; and `::` or `##[`
/// at the start, which GitHub and Azure read as commands, is broken up. One line, always.
std::string printable(std::string_view from_outside);

/// A long text from outside, as it may stand in a sentence: over 280 code points its first 240 with
/// "… (70,000 bytes)" behind them, which is the length of all of it. A path and what an issuer says
/// of an error mostly fit. Not escaped.
std::string excerpt(std::string_view from_outside);

/// A name or value as it stands in a sentence: in backquotes. Not escaped.
std::string quoted(std::string_view text);

/// A message without what is too long to be read: each stretch in backquotes as `excerpt` gives it,
/// and what is then still over 2000 code points cut as a whole.
std::string shortened(std::string_view message);

/// Edit distance with transpositions (optimal string alignment), by bytes.
std::size_t distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word` when it is near enough to be what was meant.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

/// "did you mean `x`?"
std::string did_you_mean(std::string_view candidate);

/// The same for the nearest candidate. Empty when none is near enough.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

/// Splits at every `separator`; n separators give n+1 parts.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace mcpauth::text
