#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/audit/records.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/version.hpp"
#include "core/audit/report/csv.hpp"
#include "core/audit/report/ocsf.hpp"
#include "core/audit/report/stats.hpp"
#include "core/codec/json.hpp"
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

Result<void> take_fields(std::string_view list, std::vector<Field>& fields) {
  for (const auto name : text::split(list, ',')) {
    TRY(const auto field, audit::report::field_called(name));
    if (std::ranges::find(fields, field) != fields.end()) {
      return Error{.code = Errc::usage, .message = text::quoted(name) + " is there twice"};
    }
    fields.push_back(field);
  }
  return {};
}

/// One record in its form, with the end of its line; nothing where the form has none for it.
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

/// On a terminal what is invisible is shown; a program and a file get every byte.
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
                 .message = "--fields does not go with --format ocsf",
                 .hint = "the schema says which attributes an event has"};
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
    note(env, std::to_string(intents) + (intents == 1 ? " intent is" : " intents are") +
                  " left out: an OCSF event is an outcome; `mcpauth audit stats` tells of those "
                  "without one");
  }
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  auto& format = spec.value("--format", "FORMAT", "Form of a record", options->format);
  format.choices = {"csv", "jsonl", "ocsf"};
  format.required = true;
  bind_records(spec, options->records);
  spec.custom("--fields", "A,B", "Only these fields, in this order",
              [options](std::string_view text) { return take_fields(text, options->fields); });
  return [options](Env& env) { return export_log(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit export --format csv --fields ts,sub,tool,decision -o calls.csv",
     "a table for a spreadsheet"},
    {"mcpauth audit export --format ocsf --since -1h", "the last hour, for a SIEM"},
    {"mcpauth audit export --format jsonl audit.log | jq -c 'select(.decision == \"deny\")'",
     "the records of all files of a log as they are"},
};

}  // namespace

extern const Command kAuditExport;
constinit const Command kAuditExport = {
    .path = "audit export",
    .summary = "Write a log as CSV, JSON Lines or OCSF events",
    .description =
        "Writes the records for other programs, in the order of the log and in memory that does "
        "not grow with it. csv is RFC 4180: a header, CR LF at each end of line, scopes with a "
        "space between them, and an apostrophe before a text that a spreadsheet would run as a "
        "formula. jsonl gives each record as it is, or the members that --fields names. ocsf "
        "gives each outcome as an event of OCSF 1.6.0.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
