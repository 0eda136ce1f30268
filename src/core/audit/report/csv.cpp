#include "core/audit/report/csv.hpp"

#include <algorithm>
#include <array>

#include "core/codec/list.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::audit::report {
namespace {

using audit::Field;

constexpr std::string_view kEndOfLine = "\r\n";

bool is_formula(std::string_view text) {
  // In some locales, Excel and LibreOffice treat the full-width forms like the ASCII ones.
  constexpr std::array<std::string_view, 11> kStarts = {
      "=", "+", "-", "@", "\t", "\r", "\n", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
  return std::ranges::any_of(kStarts, [&](auto start) { return text.starts_with(start); });
}

/// Only a damaged line contains invalid UTF-8.
std::string text_of(const audit::LineView& record, Field field) {
  if (field != Field::scopes) {
    const std::string whole = record.text(field);
    return text::is_utf8(whole) ? whole : text::printable(whole);
  }
  return text::join(record.scopes(), " ");
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string guarded = (is_formula(text) ? "'" : "") + std::string(text);
  if (guarded.find_first_of(",\"\r\n") == std::string::npos) return guarded;
  std::string cell = "\"";
  for (const char c : guarded)
    cell.append(c == '"' ? 2 : 1, c);
  return cell + '"';
}

std::string csv_header(std::span<const Field> fields) {
  std::string line;
  for (const Field field : fields)
    line.append(line.empty() ? "" : ",").append(audit::name(field));
  return line.append(kEndOfLine);
}

std::string csv_row(const audit::LineView& record, std::span<const Field> fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i)
    line.append(i == 0 ? "" : ",").append(csv_cell(text_of(record, fields[i])));
  return line.append(kEndOfLine);
}

std::string json_row(const audit::LineView& record, std::span<const Field> fields) {
  std::string line = "{";
  for (const Field field : fields) {
    if (line.size() > 1) line += ',';
    line.append("\"").append(audit::name(field)).append("\":").append(record.raw(field));
  }
  return line + '}';
}

}  // namespace mcpauth::audit::report
