#include <memory>

#include "cli/audit/records.hpp"
#include "cli/audit/stats_output.hpp"
#include "cli/frame/command.hpp"
#include "core/audit/query/fields.hpp"
#include "core/audit/report/stats.hpp"
#include "core/codec/number.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

using audit::Field;

struct Options {
  RecordOptions records;
  std::vector<Field> by;
  std::optional<std::chrono::seconds> bucket;
  std::size_t top = 10;
};

Result<Exit> stats(const Options& options, Env& env) {
  const auto by =
      options.by.empty() ? std::vector{Field::tool, Field::org_id, Field::reason} : options.by;
  audit::report::Stats stats({.by = by, .bucket = options.bucket});
  TRY(const auto read, read_records(options.records, env, [&](const auto& record, bool selected) {
        stats.add(record, selected);
        return true;
      }));
  const StatsAnswer answer{.stats = stats,
                           .read = read,
                           .selection = selection_of(options.records, env),
                           .bucket = options.bucket,
                           .top = options.top};
  print_stats(answer, env);
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  bind_records(spec, options->records);
  auto& by = spec.custom("--by", "FIELD", "Count the values of this field; may be repeated",
                         [options](std::string_view text) -> Result<void> {
                           TRY(const auto field, audit::query::parse_field(text));
                           options->by.push_back(field);
                           return {};
                         });
  by.repeats = true;
  by.default_text = "tool, org, reason";
  spec.custom("--histogram", "DURATION", "Width of a bar in the histogram over time",
              [options](std::string_view text) -> Result<void> {
                TRY(options->bucket, time::parse_duration(text));
                if (options->bucket->count() > 0) return {};
                return Error{.code = Errc::usage, .message = "a bar must be wider than 0s"};
              })
      .default_text = "what fits";
  bind_top(spec, options->top);
  return [options](Env& env) { return stats(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit stats", "statistics of the configured log"},
    {"mcpauth audit stats --since -24h --histogram 1h --by sub", "the last day, hour by hour"},
    {"mcpauth audit stats audit.log --json | jq .latency_us.p99", "one figure, for a program"},
};

}  // namespace

extern const Command kAuditStats;
constinit const Command kAuditStats = {
    .path = "audit stats",
    .summary = "Print statistics of a log: decisions, denials, latencies",
    .description =
        "Counts decisions, the values of fields, and the most frequent denials, computes the "
        "percentiles of the latencies, and draws the decisions over time. Only outcomes are "
        "decisions; intents without an outcome are listed separately. Each record is read once, "
        "in bounded memory: for a field with more than 100,000 values, only the frequent ones "
        "are kept, with a lower bound of their count, and percentiles are within 0.4 % of the "
        "exact ones.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
