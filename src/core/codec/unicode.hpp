#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mcpauth::unicode {

// Comparing names that use several alphabets. Covers the characters below U+3100 (Latin, Greek,
// Cyrillic and others) and Hangul; other characters stay as they are. The tables are made by
// src/core/codec/unicode_tables.py. All text is UTF-8; invalid bytes become U+FFFD.

/// Normalization Form C (UAX #15).
std::string nfc(std::string_view text);

/// The form that two names share when they can be taken for each other (UTS #39, section 4).
std::string skeleton(std::string_view text);

/// Each letter in lower case, one by one.
std::string lower(std::string_view text);

/// Alphabets that an honest word does not mix. Full-width and mathematical
/// letters count as alphabets of their own, because they are drawn like Latin ones.
enum class Script : std::uint8_t { none, latin, greek, cyrillic, full_width, mathematical };

/// `none` when it is not a letter, or of another script.
Script script_of(char32_t code);
std::string_view name(Script script);  ///< "Latin", "full-width", ...

bool is_ascii(std::string_view text);
std::u32string code_points(std::string_view text);
std::string utf8(std::u32string_view text);
std::string utf8(char32_t code);
std::string code_name(char32_t code);  ///< "U+0430"

}  // namespace mcpauth::unicode
