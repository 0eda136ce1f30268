#include "core/codec/unicode.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/codec/ascii.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::unicode {
namespace {

struct Decomposition {
  char32_t code, first, second;  // second: 0 when there is only one
  bool composes;                 // whether the two compose to it again
};
struct CombiningClass {
  char32_t first, last;
  std::uint8_t number;
};
struct Look {
  char32_t code;
  std::u32string_view as;
};
struct Lower {
  char32_t code, small;
};

#include "core/codec/unicode_tables.inc"

template <class Row, std::size_t N>
const Row* find(const Row (&table)[N], char32_t code) {
  const auto* row = std::ranges::lower_bound(table, code, {}, &Row::code);
  return row != std::end(table) && row->code == code ? row : nullptr;
}

std::uint8_t combining_class(char32_t code) {
  const auto* row = std::ranges::lower_bound(kCombiningClasses, code, {}, &CombiningClass::last);
  return row != std::end(kCombiningClasses) && row->first <= code ? row->number : std::uint8_t{0};
}

// Hangul is arithmetic (The Unicode Standard, section 3.12).
constexpr char32_t kHangul = 0xAC00;
constexpr char32_t kHangulEnd = 0xD7A4;
constexpr char32_t kLeads = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kTails = 0x11A7;
constexpr char32_t kLeadCount = 19;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTailCount = 28;

void append_decomposed(std::u32string& out, char32_t code) {
  if (code >= kHangul && code < kHangulEnd) {
    const char32_t index = code - kHangul;
    out.push_back(kLeads + index / (kVowelCount * kTailCount));
    out.push_back(kVowels + index % (kVowelCount * kTailCount) / kTailCount);
    if (index % kTailCount != 0) out.push_back(kTails + index % kTailCount);
    return;
  }
  // Only the first part can decompose further.
  std::u32string marks;
  const auto* row = find(kDecompositions, code);
  for (; row != nullptr; row = find(kDecompositions, code)) {
    if (row->second != 0) marks += row->second;
    code = row->first;
  }
  out += code;
  out.append(marks.rbegin(), marks.rend());
}

std::u32string decomposed(std::u32string_view text) {
  std::u32string out;
  for (const char32_t code : text)
    append_decomposed(out, code);
  for (auto at = out.begin(); at != out.end();) {
    const auto is_mark = [](char32_t code) { return combining_class(code) != 0; };
    const auto begin = std::find_if(at, out.end(), is_mark);
    at = std::find_if_not(begin, out.end(), is_mark);
    std::stable_sort(
        begin, at, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
  }
  return out;
}

/// The character that two compose to, or 0.
char32_t composed(char32_t first, char32_t second) {
  static const auto kPairs = [] {
    std::vector<const Decomposition*> pairs;
    for (const auto& row : kDecompositions) {
      if (row.composes && row.second != 0) pairs.push_back(&row);
    }
    std::ranges::sort(pairs, [](const auto* a, const auto* b) {
      return std::pair(a->first, a->second) < std::pair(b->first, b->second);
    });
    return pairs;
  }();
  if (first >= kLeads && first < kLeads + kLeadCount && second >= kVowels &&
      second < kVowels + kVowelCount) {
    return kHangul + ((first - kLeads) * kVowelCount + (second - kVowels)) * kTailCount;
  }
  const bool is_open_syllable =
      first >= kHangul && first < kHangulEnd && (first - kHangul) % kTailCount == 0;
  if (is_open_syllable && second > kTails && second < kTails + kTailCount)
    return first + (second - kTails);
  const auto found =
      std::ranges::lower_bound(kPairs, std::pair(first, second), {},
                               [](const auto* row) { return std::pair(row->first, row->second); });
  const bool is_found =
      found != kPairs.end() && (*found)->first == first && (*found)->second == second;
  return is_found ? (*found)->code : char32_t{0};
}

std::u32string recomposed(const std::u32string& text) {
  std::u32string out;
  std::size_t starter = std::u32string::npos;
  std::uint8_t last_class = 0;  // of the characters since the starter; 0 when there are none
  for (const char32_t code : text) {
    const auto number = combining_class(code);
    const bool is_next = starter != std::u32string::npos && out.size() == starter + 1;
    const bool reaches = is_next || (last_class != 0 && last_class < number);
    const char32_t whole =
        starter != std::u32string::npos && reaches ? composed(out[starter], code) : char32_t{0};
    if (whole != 0) {
      out[starter] = whole;
      continue;
    }
    if (number == 0) starter = out.size();
    last_class = number;
    out += code;
  }
  return out;
}

/// The skeleton of a text whose characters do not decompose, as in most names. Only the few that
/// look like another character need a look-up.
std::string ascii_skeleton(std::string_view text) {
  static const auto kDrawn = [] {
    std::array<std::string, 0x80> drawn;
    for (const auto& [code, as] : kLooks) {
      if (code < drawn.size()) drawn[code] = utf8(decomposed(as));
    }
    return drawn;
  }();
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto& drawn = kDrawn[static_cast<unsigned char>(c)];
    if (drawn.empty()) {
      out += c;
    } else {
      out += drawn;
    }
  }
  return out;
}

struct ScriptRange {
  char32_t first, last;
  Script script;
};
constexpr ScriptRange kScripts[] = {
    {'A', 'Z', Script::latin},
    {'a', 'z', Script::latin},
    {0xC0, 0xD6, Script::latin},
    {0xD8, 0xF6, Script::latin},
    {0xF8, 0x2AF, Script::latin},
    {0x370, 0x373, Script::greek},
    {0x376, 0x377, Script::greek},
    {0x37B, 0x37D, Script::greek},
    {0x37F, 0x37F, Script::greek},
    {0x386, 0x386, Script::greek},
    {0x388, 0x3FF, Script::greek},
    {0x400, 0x481, Script::cyrillic},
    {0x48A, 0x52F, Script::cyrillic},
    {0x1C80, 0x1C88, Script::cyrillic},
    {0x1D00, 0x1D25, Script::latin},
    {0x1E00, 0x1EFF, Script::latin},
    {0x1F00, 0x1FFE, Script::greek},
    {0x2C60, 0x2C7F, Script::latin},
    {0xA640, 0xA66E, Script::cyrillic},
    {0xFF21, 0xFF3A, Script::full_width},
    {0xFF41, 0xFF5A, Script::full_width},
    {0x1D400, 0x1D7FF, Script::mathematical},
};

}  // namespace

bool is_ascii(std::string_view text) {
  unsigned all = 0;  // a loop without an early exit can look at many bytes at once
  for (const char byte : text)
    all |= static_cast<unsigned char>(byte);
  return all < 0x80;
}

std::u32string code_points(std::string_view text) {
  if (is_ascii(text)) return {text.begin(), text.end()};
  std::u32string out;
  while (!text.empty()) {
    const auto [code, length] = text::decode(text);
    out += length == 0 ? char32_t{0xFFFD} : code;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string utf8(char32_t code) {
  const auto byte = [](char32_t bits) {
    return static_cast<char>(static_cast<unsigned char>(bits));
  };
  const auto tail = [&](unsigned shift) { return byte(0x80U | (code >> shift & 0x3FU)); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0U | code >> 6U), tail(0)};
  if (code < 0x10000) return {byte(0xE0U | code >> 12U), tail(6), tail(0)};
  return {byte(0xF0U | code >> 18U), tail(12), tail(6), tail(0)};
}

std::string utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t code : text)
    out += utf8(code);
  return out;
}

std::string code_name(char32_t code) {
  std::string digits;
  for (; code != 0 || digits.size() < 4; code >>= 4U)
    digits.insert(digits.begin(), "0123456789ABCDEF"[code & 0xFU]);
  return "U+" + digits;
}

std::string nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return utf8(recomposed(decomposed(code_points(text))));
}

std::string skeleton(std::string_view text) {
  if (is_ascii(text)) return ascii_skeleton(text);
  std::u32string out;
  for (const char32_t code : decomposed(code_points(text))) {
    if (const auto* look = find(kLooks, code)) {
      out += look->as;
    } else {
      out += code;
    }
  }
  return utf8(decomposed(out));
}

std::string lower(std::string_view text) {
  if (is_ascii(text)) return text::lowered(text);
  std::u32string out;
  for (const char32_t code : code_points(text)) {
    const auto* row = find(kLower, code);
    const bool is_capital = code >= U'A' && code <= U'Z';
    out += is_capital ? code + 32 : row == nullptr ? code : row->small;
  }
  return utf8(out);
}

Script script_of(char32_t code) {
  const auto* range = std::ranges::lower_bound(kScripts, code, {}, &ScriptRange::last);
  return range != std::end(kScripts) && range->first <= code ? range->script : Script::none;
}

std::string_view name(Script script) {
  constexpr std::string_view kNames[] = {"no",       "Latin",      "Greek",
                                         "Cyrillic", "full-width", "mathematical"};
  return kNames[static_cast<std::size_t>(script)];
}

}  // namespace mcpauth::unicode
