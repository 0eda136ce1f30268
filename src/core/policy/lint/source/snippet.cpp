#include "core/policy/lint/source/snippet.hpp"

#include <algorithm>

#include "core/codec/text.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::size_t kBefore = 40;  // characters shown before the span when a line is cut
constexpr std::size_t kMost = 120;   // characters shown of a cut line in all

struct Range {
  char32_t first, last;
};

// Characters that take two columns, and marks that take none, in common terminals.
constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},
    {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
    {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD},
};
constexpr Range kMarks[] = {
    {0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},
    {0x64B, 0x65F},   {0x93C, 0x93C},   {0x94D, 0x94D},   {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F},
};

template <std::size_t N>
bool is_in(const Range (&ranges)[N], char32_t code) {
  const auto* range = std::ranges::lower_bound(ranges, code, {}, &Range::last);
  return range != std::end(ranges) && range->first <= code;
}

/// The offset of the character `count` characters before `at`, but not before `least`.
std::size_t back(std::string_view text, std::size_t at, std::size_t count, std::size_t least) {
  for (; at > least && count > 0; --count) {
    do
      --at;
    while (at > least && !begins_character(text[at]));
  }
  return at;
}

/// The offset of the character `count` characters after `at`, but not after `most`.
std::size_t on(std::string_view text, std::size_t at, std::size_t count, std::size_t most) {
  for (; at < most && count > 0; --count) {
    do
      ++at;
    while (at < most && !begins_character(text[at]));
  }
  return at;
}

std::string shown(std::string_view part) {
  std::string blanks;
  for (const char c : part) {
    if (c == '\t') {
      blanks += "    ";
    } else {
      blanks += c;
    }
  }
  return text::printable(blanks);
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto [code, length] = text::decode(text);
    width += is_in(kMarks, code) ? 0U : is_in(kWide, code) ? 2U : 1U;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return width;
}

Snippet snippet_of(const SourceText& source, const toml::Span& span) {
  const auto text = source.text();
  const auto line_begin = source.line_begin(span.line);
  const auto line_end = line_begin + source.line(span.line).size();
  const auto begin = source.offset(span.line, span.column);
  auto end = span.end_line > span.line ? line_end : source.offset(span.line, span.end_column);
  end = std::clamp(end, begin, line_end);

  auto first = line_begin;
  auto last = line_end;
  if (on(text, line_begin, kMost, line_end) != line_end) {
    first = back(text, begin, kBefore, line_begin);
    last = on(text, first, kMost, line_end);
    end = std::min(end, last);
  }
  Snippet out{.is_whole = first == line_begin && last == line_end};
  const auto before = (first > line_begin ? "…" : "") + shown(text.substr(first, begin - first));
  const auto within = shown(text.substr(begin, end - begin));
  out.text = before + within + shown(text.substr(end, last - end)) + (last < line_end ? "…" : "");
  out.lead = display_width(before);
  out.width = std::max<std::size_t>(display_width(within), 1);
  return out;
}

}  // namespace mcpauth::policy::lint
