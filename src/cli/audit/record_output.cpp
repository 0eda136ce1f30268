#include "cli/audit/record_output.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "core/audit/query/fields.hpp"
#include "core/audit/report/csv.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/source/snippet.hpp"

namespace mcpauth::cli {
namespace {

using audit::Field;
using audit::LineView;
using text::Style;

constexpr std::size_t kLongestName = 40;    // characters of a name in a row
constexpr std::size_t kLongestScopes = 40;  // characters of the list of scopes
constexpr std::size_t kMarkWidth = 8;
constexpr std::size_t kWidest = 48;  // no cell makes its column wider than this

/// Cut, and then escaped, so that no escape is cut in half.
std::string shown(std::string_view name, std::size_t most = kLongestName) {
  std::size_t at = 0;
  for (std::size_t left = most; left > 0 && at < name.size(); --left)
    at += std::max<std::size_t>(text::decode(name.substr(at)).length, 1);
  return text::printable(name.substr(0, at)) + (at < name.size() ? "…" : "");
}

std::string or_dash(std::string text) {
  return text.empty() ? "-" : std::move(text);
}

std::string name_of(const LineView& record, Field field) {
  return shown(record.text(field));
}

std::string who(const LineView& record) {
  const auto org = name_of(record, Field::org_id);
  auto sub = name_of(record, Field::sub);
  if (sub.empty()) sub = name_of(record, Field::client_id);
  return or_dash(std::move(sub)) + (org.empty() ? "" : "@" + org);
}

std::string what(const LineView& record) {
  auto tool = name_of(record, Field::tool);
  return or_dash(tool.empty() ? name_of(record, Field::server) : std::move(tool));
}

/// "850us", "1.2ms", "3.0s"
std::string latency(const LineView& record) {
  const auto microseconds = record.number(Field::latency_us);
  if (!microseconds) return "-";
  if (*microseconds < 1000) return text::format("{}us", *microseconds);
  const bool seconds = *microseconds >= 1'000'000;
  const std::int64_t tenths = *microseconds / (seconds ? 100'000 : 100);
  return text::format("{}.{}{}", tenths / 10, tenths % 10, seconds ? "s" : "ms");
}

std::string scopes(const LineView& record) {
  const auto list = record.scopes();
  const auto all = text::join(list, " ");
  if (all.size() <= kLongestScopes || list.size() == 1) return shown(all);
  return text::format("{} scopes", list.size());
}

Style style_of(std::string_view decision) {
  if (decision == "allow") return Style::green;
  if (decision == "deny") return Style::red;
  return decision == "error" ? Style::yellow : Style::plain;
}

}  // namespace

Result<std::vector<Field>> parse_fields(std::string_view list) {
  std::vector<Field> fields;
  for (const auto name : text::split(list, ',')) {
    TRY(const auto field, audit::query::parse_field(name));
    fields.push_back(field);
  }
  return fields;
}

void RecordPrinter::print(const LineView& record, std::optional<audit::Mark> mark) {
  if (format_.kind == RecordFormat::Kind::text) {
    auto row = format_.fields.empty() ? usual_row(record) : row_of_fields(record);
    if (mark) row.insert(row.begin(), cell_of(*mark));
    print_row(row, record.is_intent() && mark != audit::Mark::changed);
    return;
  }
  auto selected =
      format_.fields.empty() ? std::string() : audit::report::json_row(record, format_.fields);
  if (mark && format_.kind == RecordFormat::Kind::json) {
    if (selected.empty()) selected = record.line();
    selected.pop_back();
    selected.append(",\"verify\":").append(json::quote(audit::name(*mark))).append("}");
  }
  const std::string_view bytes = selected.empty() ? record.line() : selected;
  // A person who changed the log may have put escape sequences into it.
  if (env_.globals.output == "-" && env_.out_is_terminal) {
    env_.out << text::printable(bytes) << '\n';
  } else {
    env_.out << bytes << '\n';
  }
}

RecordPrinter::Cell RecordPrinter::cell_of(audit::Mark mark) {
  const std::string text(audit::name(mark));
  switch (mark) {
    case audit::Mark::sealed:
      return {.text = text, .style = Style::green};
    case audit::Mark::changed:
      return {.text = "CHANGED", .style = Style::red};
    case audit::Mark::redacted:
    case audit::Mark::unsealed:
    case audit::Mark::unknown:
      break;
  }
  return {.text = text, .style = Style::yellow};
}

std::vector<RecordPrinter::Cell> RecordPrinter::usual_row(const LineView& record) {
  const bool intent = record.is_intent();
  auto decision = intent ? "intent" : or_dash(name_of(record, Field::decision));
  const auto style = intent ? Style::plain : style_of(decision);
  return {{.text = or_dash(name_of(record, Field::ts))},
          {.text = std::move(decision), .style = style},
          {.text = or_dash(name_of(record, Field::event))},
          {.text = who(record)},
          {.text = what(record)},
          {.text = or_dash(name_of(record, Field::reason))},
          {.text = latency(record), .right = true},
          {.text = scopes(record)}};
}

std::vector<RecordPrinter::Cell> RecordPrinter::row_of_fields(const LineView& record) const {
  std::vector<Cell> row;
  for (const Field field : format_.fields) {
    Cell cell;
    if (field == Field::latency_us) {
      cell = {.text = latency(record), .right = true};
    } else if (field == Field::scopes) {
      cell.text = or_dash(text::printable(text::join(record.scopes(), ",")));
    } else {
      cell.text = or_dash(text::printable(record.text(field)));
    }
    if (field == Field::decision) cell.style = style_of(cell.text);
    row.push_back(std::move(cell));
  }
  return row;
}

void RecordPrinter::print_row(const std::vector<Cell>& row, bool dim) {
  // Start with widths that suit most records: a column that grows later breaks the alignment.
  constexpr std::array<std::size_t, 8> kUsual = {20, 6, 12, 20, 18, 12, 7, 0};
  if (widths_.empty() && format_.fields.empty()) {
    widths_.assign(kUsual.begin(), kUsual.end());
    if (row.size() > kUsual.size()) widths_.insert(widths_.begin(), kMarkWidth);
  }
  widths_.resize(row.size());
  std::string line;
  std::size_t padding = 0;  // written only before text, so that no line ends in blanks
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto& cell = row[i];
    const std::size_t width = policy::lint::display_width(cell.text);
    widths_[i] = std::max(widths_[i], std::min(width, kWidest));
    const std::size_t missing = widths_[i] - std::min(widths_[i], width);
    if (!cell.text.empty()) {
      line.append(padding + (cell.right ? missing : 0), ' ');
      padding = 0;
      line += text::styled(cell.text, cell.style, env_.color_out && !dim);
    }
    padding += (cell.right && !cell.text.empty() ? 0 : missing) + 2;
  }
  env_.out << text::styled(line, dim ? Style::dim : Style::plain, env_.color_out) << '\n';
}

}  // namespace mcpauth::cli
