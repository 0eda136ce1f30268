#include "core/audit/report/stats.hpp"

#include <algorithm>
#include <array>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::audit::report {
namespace {

using audit::Field;

/// Separates the parts of a denial. In JSON it only occurs escaped.
constexpr char kBetween = '\n';

/// The ids that mcpauth writes are short. Ten thousand long ones would take too much memory.
constexpr std::size_t kLongestId = 256;

constexpr std::array kDenialFields = {Field::org_id, Field::sub, Field::tool, Field::reason};

Decisions decision_of(const audit::LineView& record) {
  const auto word = record.raw(Field::decision);
  if (word == R"("allow")") return {.allow = 1};
  if (word == R"("deny")") return {.deny = 1};
  if (word == R"("error")") return {.error = 1};
  return {.other = 1};
}

/// Calls `handle` with each element of a list of strings, as it is in JSON.
template <class Handle>
void for_each_raw(std::string_view list, Handle handle) {
  std::size_t at = list.find('"');
  while (at != std::string_view::npos) {
    std::size_t end = at + 1;
    while (end < list.size() && list[end] != '"')
      end += list[end] == '\\' ? 2U : 1U;
    if (end >= list.size()) return;
    handle(list.substr(at, end - at + 1));
    at = list.find('"', end + 1);
  }
}

void count(Tally& tally, const audit::LineView& record, Field field, bool denied) {
  if (field != Field::scopes) {
    tally.add(record.raw(field), denied);
    return;
  }
  for_each_raw(record.raw(field), [&](std::string_view scope) { tally.add(scope, denied); });
}

std::string bounded(const audit::LineView& record, Field field) {
  constexpr std::size_t kMost = 256;  // it is shown in a row of a table
  const std::string whole = record.text(field);
  return whole.size() <= kMost ? whole : text::excerpt(whole);
}

}  // namespace

Stats::Stats(Wanted wanted)
    : wanted_(std::move(wanted)), tallies_(wanted_.by.size()), timeline_(wanted_.bucket) {}

void Stats::add(const audit::LineView& record, bool selected) {
  if (!record.is_intent() && !pending_.empty()) {
    const auto found = pending_.find(record.raw(Field::id));
    if (found != pending_.end()) pending_.erase(found);
  }
  if (!selected) return;
  ++records_;
  if (const auto at = record.ts()) {
    first_ = first_ ? std::min(*first_, *at) : *at;
    last_ = last_ ? std::max(*last_, *at) : *at;
  }
  if (record.is_intent()) {
    add_intent(record);
  } else {
    add_outcome(record);
  }
}

void Stats::add_outcome(const audit::LineView& record) {
  const auto decision = decision_of(record);
  const bool denied = decision.deny > 0;
  decisions_ += decision;
  if (const auto at = record.ts()) timeline_.add(*at, decision);
  for (std::size_t i = 0; i < tallies_.size(); ++i)
    count(tallies_[i], record, wanted_.by[i], denied);
  if (const auto micros = record.number(Field::latency_us); micros && *micros >= 0)
    latencies_.add(static_cast<std::uint64_t>(*micros));
  if (!denied) return;
  std::string key;
  for (const Field field : kDenialFields)
    key.append(record.raw(field)).push_back(kBetween);
  denials_.add(key, true);
}

void Stats::add_intent(const audit::LineView& record) {
  ++intents_;
  const auto id = record.raw(Field::id);
  if (pending_.size() >= kMostPending || id.size() > kLongestId) {
    lost_pending_ = true;
    return;
  }
  pending_.insert_or_assign(std::string(id), Pending{.seq = record.seq(),
                                                     .at = record.ts(),
                                                     .event = bounded(record, Field::event),
                                                     .org = bounded(record, Field::org_id),
                                                     .sub = bounded(record, Field::sub),
                                                     .tool = bounded(record, Field::tool)});
}

std::vector<Denial> Stats::top_denials(std::size_t most) const {
  std::vector<Denial> denials;
  for (const Counted& counted : denials_.top(most)) {
    const auto parts = text::split(counted.value, kBetween);
    denials.push_back({.org = shown(parts[0]),
                       .sub = shown(parts[1]),
                       .tool = shown(parts[2]),
                       .reason = shown(parts[3]),
                       .count = counted.count,
                       .at_least = counted.at_least});
  }
  return denials;
}

std::vector<Pending> Stats::pending() const {
  std::vector<Pending> all;
  for (const auto& [id, intent] : pending_)
    all.push_back(intent);
  std::ranges::sort(all, {}, &Pending::seq);
  return all;
}

std::string shown(std::string_view json_value) {
  if (json_value == "null") return "";
  if (!json_value.starts_with('"')) return std::string(json_value);
  const auto parsed = json::parse(json_value);
  const auto* text = parsed ? parsed->string() : nullptr;
  return text != nullptr ? *text : std::string(json_value.substr(1, json_value.size() - 2));
}

std::string duration_text(std::uint64_t micros) {
  if (micros < 1000) return text::format("{} µs", micros);
  const bool is_seconds = micros >= 999'500;
  const double value = static_cast<double>(micros) / (is_seconds ? 1e6 : 1e3);
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return text::format("{:.{}f} {}", value, decimals, is_seconds ? "s" : "ms");
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3)
    digits.insert(at - 3, ",");
  return digits;
}

}  // namespace mcpauth::audit::report
