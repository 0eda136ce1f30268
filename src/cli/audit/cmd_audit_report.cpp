#include <memory>
#include <ostream>

#include "cli/audit/records.hpp"
#include "cli/frame/command.hpp"
#include "core/audit/report/page.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  RecordOptions records;
  std::string title = "Audit report";
  std::size_t top = 10;
};

Result<Exit> report(const Options& options, Env& env) {
  if (env.globals.json) {
    return Error{.code = Errc::usage,
                 .message = "a report is an HTML page and has no JSON form",
                 .hint = "use `mcpauth audit stats --json`"};
  }
  audit::report::Stats stats({.by = audit::report::page_fields()});
  TRY(auto read, read_records(options.records, env, [&](const auto& record, bool selected) {
        stats.add(record, selected);
        return true;
      }));
  env.out << audit::report::to_html(std::move(stats),
                                    {.title = options.title,
                                     .files = std::move(read.files),
                                     .selection = selection_of(options.records, env),
                                     .made_at = env.now(),
                                     .unreadable = read.unreadable,
                                     .top = options.top});
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  bind_records(spec, options->records);
  spec.value("--title", "TEXT", "Heading of the page", options->title).default_text =
      options->title;
  bind_top(spec, options->top);
  return [options](Env& env) { return report(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit report -o report.html", "a report on the configured log"},
    {"mcpauth audit report --since 2027-01-01 --until 2027-02-01 --title 'January' -o january.html",
     "one month"},
};

}  // namespace

extern const Command kAuditReport;
constinit const Command kAuditReport = {
    .path = "audit report",
    .summary = "Write a report on a log as one HTML page",
    .description =
        "Writes one page to read, print and share: decisions over time, latencies, tools, "
        "organisations, reasons of denials, who was denied what, and pending intents. The page "
        "is self-contained: it has no script, loads nothing, and its content security policy "
        "forbids both. Each drawing has its figures in a table, and nothing is shown by colour "
        "alone.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
