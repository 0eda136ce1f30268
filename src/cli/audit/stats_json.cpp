#include <array>

#include "cli/audit/stats_output.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

using audit::report::Counted;
using audit::report::Decisions;

constexpr std::size_t kMostPendingShown = 20;

constexpr std::array<std::pair<std::string_view, double>, 4> kQuantiles = {
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}}};

json::Object as_json(const Decisions& decisions) {
  return {{"allow", decisions.allow},
          {"deny", decisions.deny},
          {"error", decisions.error},
          {"other", decisions.other}};
}

json::Value time_or_null(const std::optional<Instant>& at) {
  return at ? json::Value(time::format_instant(*at)) : json::Value();
}

json::Array tallies_as_json(const StatsAnswer& answer) {
  json::Array all;
  for (std::size_t i = 0; i < answer.stats.by().size(); ++i) {
    const auto& tally = answer.stats.tally(i);
    json::Array values;
    for (const Counted& value : tally.top(answer.top)) {
      const bool is_null = value.value == "null";
      values.emplace_back(json::Object{
          {"value", is_null ? json::Value() : json::Value(audit::report::shown(value.value))},
          {"count", value.count},
          {"denied", value.denied},
          {"at_least", value.at_least}});
    }
    all.emplace_back(json::Object{{"field", audit::name(answer.stats.by()[i])},
                                  {"distinct", std::uint64_t{tally.distinct()}},
                                  {"exact", tally.is_exact()},
                                  {"values", std::move(values)}});
  }
  return all;
}

json::Array denials_as_json(const StatsAnswer& answer) {
  json::Array all;
  for (const auto& denial : answer.stats.top_denials(answer.top)) {
    all.emplace_back(json::Object{{"org_id", denial.org},
                                  {"sub", denial.sub},
                                  {"tool", denial.tool},
                                  {"reason", denial.reason},
                                  {"count", denial.count},
                                  {"at_least", denial.at_least}});
  }
  return all;
}

json::Value latencies_as_json(const audit::report::Latencies& latencies) {
  if (latencies.count() == 0) return nullptr;
  json::Object object{{"count", latencies.count()}, {"min", latencies.least()}};
  for (const auto& [name, part] : kQuantiles)
    object.set(std::string(name), *latencies.quantile(part));
  object.set("max", latencies.greatest());
  object.set("relative_error", audit::report::Latencies::kRelativeError);
  return object;
}

json::Object histogram_as_json(const audit::report::Timeline& timeline) {
  json::Array buckets;
  for (const auto& [start, decisions] : timeline.buckets()) {
    json::Object bucket{{"start", time::format_instant(start)}};
    for (const auto& [name, value] : as_json(decisions))
      bucket.set(name, value);
    buckets.emplace_back(std::move(bucket));
  }
  return {{"bucket_seconds", std::int64_t{timeline.width().count()}},
          {"buckets", std::move(buckets)}};
}

json::Object pending_as_json(const audit::report::Stats& stats) {
  json::Array intents;
  for (const auto& intent : stats.pending()) {
    if (intents.size() == kMostPendingShown) break;
    intents.emplace_back(json::Object{{"seq", intent.seq},
                                      {"ts", time_or_null(intent.at)},
                                      {"event", intent.event},
                                      {"org_id", intent.org},
                                      {"sub", intent.sub},
                                      {"tool", intent.tool}});
  }
  return {{"count", stats.pending_count()},
          {"at_least", !stats.pending_is_exact()},
          {"first", std::move(intents)}};
}

}  // namespace

json::Object stats_as_json(const StatsAnswer& answer) {
  const auto& stats = answer.stats;
  json::Object selection;
  for (const auto& [name, value] : answer.selection)
    selection.set(name, value);
  return {{"schema", "mcpauth.audit.stats/1"},
          {"files", json::Array(answer.read.files.begin(), answer.read.files.end())},
          {"selection", std::move(selection)},
          {"unreadable", answer.read.unreadable},
          {"records", stats.records()},
          {"first", time_or_null(stats.first())},
          {"last", time_or_null(stats.last())},
          {"decisions", as_json(stats.decisions())},
          {"intents", stats.intents()},
          {"pending", pending_as_json(stats)},
          {"by", tallies_as_json(answer)},
          {"denials", denials_as_json(answer)},
          {"latency_us", latencies_as_json(stats.latencies())},
          {"histogram", histogram_as_json(stats.timeline())}};
}

}  // namespace mcpauth::cli
