#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/audit/record_output.hpp"
#include "cli/audit/records.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/version.hpp"
#include "core/audit/report/csv.hpp"
#include "core/audit/report/ocsf.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

using audit::Field;

struct Options {
  RecordOptions records;
  std::string format;
  std::vector<Field> fields;
};

std::vector<Field> all_fields() {
  std::vector<Field> fields;
  for (const auto name : audit::kFieldNames)
    fields.push_back(*audit::field_named(name));
  return fields;
}

/// Each field at most once.
Result<std::vector<Field>> parse_columns(std::string_view list) {
  TRY(auto fields, parse_fields(list));
  for (auto at = fields.begin(); at != fields.end(); ++at) {
    if (std::find(fields.begin(), at, *at) == at) continue;
    return Error{.code = Errc::usage,
                 .message = text::format("`{}` is listed twice", audit::name(*at))};
  }
  return fields;
}

/// A record in the wanted format, with its line end. Empty if the format has no form for it.
std::string row_of(const audit::LineView& record, const Options& options) {
  if (options.format == "csv") {
    return audit::report::csv_row(record, options.fields.empty() ? all_fields() : options.fields);
  }
  if (options.format == "jsonl") {
    if (options.fields.empty()) return std::string(record.line()) + '\n';
    return audit::report::json_row(record, options.fields) + '\n';
  }
  if (record.is_intent()) return {};
  return json::write(audit::report::ocsf_event(record, kVersionText)) + '\n';
}

/// On a terminal, invisible characters are escaped; a program and a file get every byte.
void write_row(const std::string& row, Env& env) {
  if (env.globals.output != "-" || !env.out_is_terminal) {
    env.out << row;
    return;
  }
  env.out << text::printable(row.substr(0, row.find_last_not_of("\r\n") + 1)) << '\n';
}

Result<Exit> export_log(const Options& options, Env& env) {
  if (options.format == "ocsf" && !options.fields.empty()) {
    return Error{.code = Errc::usage,
                 .message = "--fields cannot be combined with --format ocsf",
                 .hint = "leave out --fields: the OCSF schema defines the attributes of an event"};
  }
  std::uint64_t intents = 0;
  if (options.format == "csv") {
    write_row(audit::report::csv_header(options.fields.empty() ? all_fields() : options.fields),
              env);
  }
  TRY_VOID(read_records(options.records, env, [&](const auto& record, bool selected) {
    if (!selected) return true;
    const std::string row = row_of(record, options);
    if (row.empty()) ++intents;
    if (!row.empty()) write_row(row, env);
    return env.out.good();
  }));
  if (intents > 0 && env.out.good()) {
    note(env,
         text::format("{} {} left out, because OCSF events are outcomes; `mcpauth audit stats` "
                      "lists intents without one",
                      text::count_of(intents, "intent"), intents == 1 ? "is" : "are"));
  }
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  auto& format = spec.value("--format", "FORMAT", "Format of a record", options->format);
  format.choices = {"csv", "jsonl", "ocsf"};
  format.required = true;
  bind_records(spec, options->records);
  spec.custom("--fields", "A,B", "Only these fields, in this order",
              [options](std::string_view text) -> Result<void> {
                TRY(options->fields, parse_columns(text));
                return {};
              });
  return [options](Env& env) { return export_log(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit export --format csv --fields ts,sub,tool,decision -o calls.csv",
     "a table for a spreadsheet"},
    {"mcpauth audit export --format ocsf --since -1h", "the last hour, for a SIEM"},
    {"mcpauth audit export --format jsonl audit.log | jq -c 'select(.decision == \"deny\")'",
     "the denied records of a log, with all its segments"},
};

}  // namespace

extern const Command kAuditExport;
constinit const Command kAuditExport = {
    .path = "audit export",
    .summary = "Write a log as CSV, JSON Lines or OCSF events",
    .description =
        "Writes the records for other programs, in the order of the log and in bounded memory. "
        "csv follows RFC 4180: a header, CR LF at the end of each line, scopes separated by a "
        "space, and an apostrophe before a text that a spreadsheet would run as a formula. "
        "jsonl writes each record as it is, or the members that --fields names. ocsf writes "
        "each outcome as an event of OCSF 1.6.0.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
