#include "core/policy/lint/source/source_text.hpp"

#include <algorithm>

#include "core/codec/unicode.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::size_t kBlock = 256;

std::size_t count_points(std::string_view bytes) {
  return static_cast<std::size_t>(std::ranges::count_if(bytes, begins_character));
}

}  // namespace

SourceText::SourceText(std::string_view text) : text_(text), lines_{0} {
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1))
    lines_.push_back(end + 1);
  if (unicode::is_ascii(text)) return;
  std::size_t points = 0;
  for (std::size_t at = 0; at <= text.size(); at += kBlock) {
    blocks_.push_back(points);
    points += count_points(text.substr(at, kBlock));
  }
}

std::string_view SourceText::line(unsigned number) const {
  if (number == 0 || number > lines_.size()) return {};
  const auto begin = lines_[number - 1];
  auto line = text_.substr(begin, text_.find('\n', begin) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t SourceText::line_begin(unsigned number) const {
  return number > lines_.size() ? text_.size() : lines_[std::max(number, 1U) - 1];
}

std::size_t SourceText::points_before(std::size_t offset) const {
  if (blocks_.empty()) return offset;
  const auto block = offset / kBlock;
  return blocks_[block] + count_points(text_.substr(block * kBlock, offset - block * kBlock));
}

std::size_t SourceText::offset(unsigned line_number, unsigned column) const {
  const auto begin = line_begin(line_number);
  const auto end = begin + line(line_number).size();
  const std::size_t ahead = std::max(column, 1U) - 1;
  if (blocks_.empty()) return std::min(begin + ahead, end);
  const auto wanted = points_before(begin) + ahead;
  // The last block that begins at or before the wanted character.
  const auto after = std::ranges::upper_bound(blocks_, wanted);
  const auto block = static_cast<std::size_t>(after - blocks_.begin()) - 1;
  auto at = block * kBlock;
  for (auto points = blocks_[block]; at < end; ++at) {
    if (!begins_character(text_[at])) continue;
    if (points == wanted) break;
    ++points;
  }
  return std::min(at, end);
}

toml::Span SourceText::at(std::size_t offset) const {
  const auto after = std::ranges::upper_bound(lines_, offset);
  const auto line = static_cast<unsigned>(after - lines_.begin());
  const auto column =
      static_cast<unsigned>(points_before(offset) - points_before(lines_[line - 1]) + 1);
  return {line, column, line, column};
}

}  // namespace mcpauth::policy::lint
