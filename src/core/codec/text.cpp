#include "core/codec/text.hpp"

#include <algorithm>
#include <cstdint>

#include "core/codec/ascii.hpp"

namespace mcpauth::text {
namespace {

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Bytes that a lead byte announces; 0 for one that cannot lead.
std::size_t announced_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

struct Range {
  char32_t first, last;
};

// Characters that a reader cannot see, or that change how other text is shown: controls, soft
// hyphen, odd spaces, joiners, bidi marks, fillers, variation selectors, tags, noncharacters.
constexpr Range kHidden[] = {
    {0x00, 0x1F},       {0x7F, 0xA0},       {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},
    {0x115F, 0x1160},   {0x1680, 0x1680},   {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},
    {0x2028, 0x202F},   {0x205F, 0x206F},   {0x2800, 0x2800}, {0x3164, 0x3164}, {0xFDD0, 0xFDEF},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

/// At least `width` lower-case hex digits.
std::string hex(std::uint32_t number, std::size_t width) {
  std::string digits;
  for (; number != 0 || digits.size() < width; number >>= 4U) {
    digits.insert(digits.begin(), "0123456789abcdef"[number & 0xFU]);
  }
  return digits;
}

std::string escaped_byte(char byte) {
  return "\\x" + hex(static_cast<unsigned char>(byte), 2);
}

std::string escaped(char32_t code) {
  if (code < 0x80) return escaped_byte(static_cast<char>(code));
  return "\\u{" + hex(code, 4) + "}";
}

/// "##[", "##vso[", "##teamcity[": CI systems look for these anywhere in a line.
bool starts_ci_marker(std::string_view rest) {
  if (!rest.starts_with("##")) return false;
  const auto bracket =
      rest.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 2);
  return bracket != std::string_view::npos && rest[bracket] == '[';
}

/// The length in bytes of the first `count` code points. A byte that is not UTF-8 counts as one.
std::size_t length_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; count > 0 && at < text.size(); --count)
    at += std::max<std::size_t>(decode(text.substr(at)).length, 1);
  return at;
}

/// "70,000"
std::string grouped(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3)
    digits.insert(at - 3, ",");
  return digits;
}

/// Keeps up to `most` code points. A text that was cut is shorter than that, mark included, so that
/// it is not cut a second time.
std::string cut(std::string_view text, std::size_t most, std::size_t kept) {
  if (text.size() <= most || length_of(text, most) == text.size()) return std::string(text);
  return std::string(text.substr(0, length_of(text, kept))) + "… (" + grouped(text.size()) +
         " bytes)";
}

std::string_view without_dashes(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
  return word;
}

}  // namespace

Decoded decode(std::string_view bytes) {
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(bytes.front());
  const std::size_t length = announced_length(lead);
  if (length == 0 || length > bytes.size()) return {};
  char32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(bytes[i])) return {};
    code = (code << 6U) | (static_cast<unsigned char>(bytes[i]) & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kLeast[length] || surrogate || code > 0x10FFFF) return {};
  return {code, length};
}

bool is_hidden(char32_t code) {
  if (code >= 0x20 && code < 0x7F) return false;  // nearly all text
  if ((code & 0xFFFEU) == 0xFFFEU) return true;   // the last two of every plane
  const auto* range = std::ranges::lower_bound(kHidden, code, {}, &Range::last);
  return range != std::end(kHidden) && range->first <= code;
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto decoded = decode(bytes);
    if (decoded.length == 0) return false;
    bytes.remove_prefix(decoded.length);
  }
  return true;
}

std::string printable(std::string_view from_outside) {
  std::string out;
  out.reserve(from_outside.size());
  // GitHub skips blanks before it looks for `::`.
  const auto command = std::min(from_outside.find_first_not_of(' '), from_outside.size());
  const bool is_command = from_outside.substr(command).starts_with("::");
  for (std::size_t at = 0; at < from_outside.size();) {
    const auto rest = from_outside.substr(at);
    const auto decoded = decode(rest);
    const bool breaks = (is_command && at == command) || starts_ci_marker(rest);
    if (decoded.length == 0) {
      out += escaped_byte(rest.front());
    } else if (breaks || is_hidden(decoded.code)) {
      out += escaped(decoded.code);
    } else {
      out += rest.substr(0, decoded.length);
    }
    at += std::max<std::size_t>(decoded.length, 1);
  }
  return out;
}

std::string excerpt(std::string_view from_outside) {
  return cut(from_outside, 280, 240);
}

std::string quoted(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string shortened(std::string_view message) {
  std::string out;
  bool in_quotes = false;
  for (const auto stretch : split(message, '`')) {
    out += in_quotes ? excerpt(stretch) : std::string(stretch);
    out += '`';
    in_quotes = !in_quotes;
  }
  out.pop_back();
  return cut(out, 2000, 1960);
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < above.size(); ++j)
    above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongest = 64;  // longer words are not typos, and this bounds the work
  const auto bare = without_dashes(word);
  if (bare.empty() || word.size() > kLongest) return std::nullopt;
  const std::size_t limit = std::min((bare.size() + 2) / 3, bare.size() - 1);
  const auto same = std::ranges::find_if(candidates, [&](std::string_view candidate) {
    return lowered(without_dashes(candidate)) == lowered(bare);
  });
  if (same != candidates.end()) return *same;
  std::optional<std::string_view> best;
  std::size_t least = limit + 1;
  for (const auto candidate : candidates) {
    const auto name = without_dashes(candidate);
    const bool begins = bare.size() >= 3 && name.starts_with(bare);
    const std::size_t away = begins ? 1 : distance(bare, name);
    if (away >= least) continue;
    least = away;
    best = candidate;
  }
  return best;
}

std::string did_you_mean(std::string_view candidate) {
  return "did you mean " + quoted(candidate) + "?";
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const auto found = nearest(word, candidates);
  return found ? did_you_mean(*found) : std::string();
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(separator); end != std::string_view::npos;
       end = text.find(separator)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

}  // namespace mcpauth::text
