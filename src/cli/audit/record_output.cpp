#include "cli/audit/record_output.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "core/audit/query/fields.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/source/snippet.hpp"

namespace mcpauth::cli {
namespace {

using audit::Field;
using audit::LineView;

constexpr std::size_t kLongestName = 40;    // characters of a name in a row; JSON has all of it
constexpr std::size_t kLongestScopes = 40;  // and of the list of scopes
constexpr std::size_t kMarkWidth = 8;
constexpr std::size_t kWidest = 48;  // no cell makes its column wider than that
constexpr std::string_view kGreen = "\033[32m";
constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kDim = "\033[2m";
constexpr std::string_view kPlain = "\033[0m";

/// Escaped, and cut before that, so that no escape is cut in half.
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
  if (*microseconds < 1000) return std::to_string(*microseconds) + "us";
  const bool seconds = *microseconds >= 1'000'000;
  const std::int64_t tenths = *microseconds / (seconds ? 100'000 : 100);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + (seconds ? "s" : "ms");
}

std::string joined(const std::vector<std::string>& scopes, std::string_view separator) {
  std::string out;
  for (const auto& scope : scopes)
    out.append(out.empty() ? "" : separator).append(scope);
  return out;
}

std::string scopes(const LineView& record) {
  const auto list = record.scopes();
  const auto all = joined(list, " ");
  if (all.size() <= kLongestScopes || list.size() == 1) return shown(all);
  return std::to_string(list.size()) + " scopes";
}

std::string_view color_of(std::string_view decision) {
  if (decision == "allow") return kGreen;
  if (decision == "deny") return kRed;
  return decision == "error" ? kYellow : std::string_view();
}

}  // namespace

Result<std::vector<Field>> parse_fields(std::string_view list) {
  std::vector<Field> fields;
  for (const auto name : text::split(list, ',')) {
    const auto field = audit::query::field_of(name);
    if (!field) {
      return Error{.code = Errc::usage,
                   .message = "no record has a field `" + std::string(name) + "`",
                   .hint = audit::query::field_hint(name)};
    }
    fields.push_back(*field);
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
  auto selected = format_.fields.empty() ? std::string() : selected_json(record);
  if (mark && format_.kind == RecordFormat::Kind::json) {
    if (selected.empty()) selected = record.line();
    selected.pop_back();
    selected.append(",\"verify\":").append(json::quote(audit::name(*mark))).append("}");
  }
  const std::string_view bytes = selected.empty() ? record.line() : selected;
  // Whoever changed the log may have put an escape sequence into it.
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
      return {.text = text, .color = kGreen};
    case audit::Mark::changed:
      return {.text = "CHANGED", .color = kRed};
    case audit::Mark::redacted:
    case audit::Mark::unsealed:
    case audit::Mark::unknown:
      break;
  }
  return {.text = text, .color = kYellow};
}

std::vector<RecordPrinter::Cell> RecordPrinter::usual_row(const LineView& record) {
  const bool intent = record.is_intent();
  auto decision = intent ? "intent" : or_dash(name_of(record, Field::decision));
  const auto color = intent ? std::string_view() : color_of(decision);
  return {{.text = or_dash(name_of(record, Field::ts))},
          {.text = std::move(decision), .color = color},
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
      cell.text = or_dash(text::printable(joined(record.scopes(), ",")));
    } else {
      cell.text = or_dash(text::printable(record.text(field)));
    }
    if (field == Field::decision) cell.color = color_of(cell.text);
    row.push_back(std::move(cell));
  }
  return row;
}

void RecordPrinter::print_row(const std::vector<Cell>& row, bool dim) {
  // Wide enough for most from the first line on: columns that grow later are out of line.
  constexpr std::array<std::size_t, 8> kUsual = {20, 6, 12, 20, 18, 12, 7, 0};
  if (widths_.empty() && format_.fields.empty()) {
    widths_.assign(kUsual.begin(), kUsual.end());
    if (row.size() > kUsual.size()) widths_.insert(widths_.begin(), kMarkWidth);
  }
  widths_.resize(row.size());
  std::string line;
  std::size_t padding = 0;  // held back, so that no line ends in blanks
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto& cell = row[i];
    const std::size_t width = policy::lint::display_width(cell.text);
    widths_[i] = std::max(widths_[i], std::min(width, kWidest));
    const std::size_t missing = widths_[i] - std::min(widths_[i], width);
    if (!cell.text.empty()) {
      line.append(padding + (cell.right ? missing : 0), ' ');
      padding = 0;
      const bool painted = env_.color_out && !dim && !cell.color.empty();
      if (painted) line += cell.color;
      line += cell.text;
      if (painted) line += kPlain;
    }
    padding += (cell.right && !cell.text.empty() ? 0 : missing) + 2;
  }
  if (env_.color_out && dim) line.insert(0, kDim).append(kPlain);
  env_.out << line << '\n';
}

std::string RecordPrinter::selected_json(const LineView& record) const {
  std::string out;
  for (const Field field : format_.fields) {
    out.append(out.empty() ? "{" : ",");
    out += json::quote(audit::kFieldNames[static_cast<std::size_t>(field)]);
    out.append(":").append(record.raw(field));
  }
  return out + "}";
}

}  // namespace mcpauth::cli
