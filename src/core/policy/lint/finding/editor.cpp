#include "core/policy/lint/finding/editor.hpp"

#include <algorithm>

#include "core/codec/ascii.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view kBlank = " \t";

/// The end of the blanks, line ends and comments that begin here.
std::size_t after_blanks(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (text::is_space(text[at])) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  const auto end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

/// Whether the rest of the line holds only blanks, or blanks and a comment.
bool is_rest_empty(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at, line_end(text, at) - at);
  return text::is_blank(rest) || text::trimmed(rest).front() == '#';
}

Edit cut(const SourceText& text, const std::string& file, std::size_t begin, std::size_t end) {
  auto span = text.at(begin);
  const auto to = text.at(end);
  span.end_line = to.line;
  span.end_column = to.column;
  return {.place = {file, span}, .text = {}};
}

bool is_comment(std::string_view line) {
  const auto first = line.find_first_not_of(kBlank);
  return first != std::string_view::npos && line[first] == '#';
}

/// The first line of the comment right above a line. Without one the line itself; the comment that
/// opens the file does not count either.
unsigned comment_above(const SourceText& text, unsigned line) {
  unsigned first = line;
  while (first > 1 && is_comment(text.line(first - 1)))
    --first;
  return first == 1 ? line : first;
}

}  // namespace

Editor::Editor(const policy::Reading& reading) : reading_(reading) {}

const SourceText* Editor::text_of(const std::string& file) {
  if (const auto known = texts_.find(file); known != texts_.end()) return &known->second;
  const auto source = std::ranges::find(reading_.sources, file, &policy::Source::file);
  if (source == reading_.sources.end()) return nullptr;
  return &texts_.emplace(file, SourceText(source->text)).first->second;
}

std::optional<Fix> Editor::without(const std::vector<policy::Text>& list, const policy::Text& entry,
                                   std::string title) {
  const auto& place = entry.place;
  const auto* source = text_of(place.file);
  if (source == nullptr) return std::nullopt;
  const auto text = source->text();
  auto begin = source->offset(place.span.line, place.span.column);
  auto end = source->offset(place.span.end_line, place.span.end_column);
  const auto next = after_blanks(text, end);
  if (begin >= end || next >= text.size()) return std::nullopt;
  const bool has_comma = text[next] == ',';
  if (!has_comma && text[next] != ']') return std::nullopt;
  const auto line = source->line_begin(place.span.line);
  const auto after = has_comma ? next + 1 : end;
  if (text::is_blank(text.substr(line, begin - line)) && is_rest_empty(text, after)) {
    begin = line;
    end = line_end(text, after);
  } else if (has_comma) {
    end = std::min(text.find_first_not_of(kBlank, after), text.size());
  } else if (&entry != &list.front()) {
    const auto& before = (&entry - 1)->place.span;
    const auto comma = source->offset(before.end_line, before.end_column);
    if (text.substr(comma, begin - comma).find_first_of("#\n") == std::string_view::npos)
      begin = comma;
  }
  return Fix{.title = std::move(title), .edits = {cut(*source, place.file, begin, end)}};
}

std::optional<Fix> Editor::without_table(const Place& header, const policy::Fields& fields,
                                         std::string title) {
  const auto* source = text_of(header.file);
  if (source == nullptr) return std::nullopt;
  const auto text = source->text();
  const auto line = source->line_begin(header.span.line);
  const auto opening = source->offset(header.span.line, header.span.column);
  if (opening >= text.size() || text[opening] != '[' ||
      !text::is_blank(text.substr(line, opening - line))) {
    return std::nullopt;
  }
  unsigned last = header.span.end_line;
  for (const auto& field : fields) {
    if (field.key_span.line <= header.span.line) return std::nullopt;
    last = std::max(last, field.value_span.end_line);
  }
  auto first = comment_above(*source, header.span.line);
  // The blank lines before or after the table go with it, so that only one block of them stays.
  const bool is_apart = first == 1 || text::is_blank(source->line(first - 1));
  while (is_apart && last < source->line_count() && text::is_blank(source->line(last + 1)))
    ++last;
  if (last >= source->line_count() && is_apart) {
    while (first > 2 && text::is_blank(source->line(first - 1)))
      --first;
  }
  return Fix{.title = std::move(title),
             .edits = {cut(*source, header.file, source->line_begin(first),
                           source->line_begin(last + 1))}};
}

std::optional<Fix> Editor::with_lines_above(const Place& at, const std::vector<std::string>& lines,
                                            std::string title) {
  const auto* source = text_of(at.file);
  if (source == nullptr || lines.empty()) return std::nullopt;
  const auto text = source->text();
  const auto line = source->line_begin(at.span.line);
  const auto key = source->offset(at.span.line, at.span.column);
  const auto indent = text.substr(line, key - line);
  if (!text::is_blank(indent)) return std::nullopt;
  auto edit = cut(*source, at.file, line, line);
  for (const auto& added : lines)
    edit.text.append(indent).append(added).append("\n");
  return Fix{.title = std::move(title), .edits = {std::move(edit)}};
}

}  // namespace mcpauth::policy::lint
