#include "core/audit/report/stats.hpp"

#include <doctest/doctest.h>

#include "lines.hpp"

namespace mcpauth::audit::report {

using audit::Field;
using test::allowed;
using test::as_line;
using test::denied;
using test::kWhen;

namespace {

void add(Stats& stats, const audit::Record& record, Instant at = kWhen, bool selected = true) {
  as_line(record, [&](const audit::LineView& line) { stats.add(line, selected); }, at);
}

audit::Record intent(std::string id) {
  auto record = allowed("alice", "hr/get");
  record.id = std::move(id);
  record.phase = audit::Phase::intent;
  return record;
}

}  // namespace

TEST_CASE("audit/report/stats: decisions are outcomes, by what they decided") {
  Stats stats({.by = {Field::tool, Field::scopes}});
  auto minted = allowed("alice", "hr/get");
  minted.scopes = {"hr:read", "quote\"d"};
  add(stats, intent("1"));
  minted.id = "1";
  minted.latency = std::chrono::microseconds(250);
  add(stats, minted, kWhen + std::chrono::seconds(90));
  add(stats, denied("bob", "hr/set", "no-grant"));
  auto odd = allowed("x", "");
  odd.decision = "";
  add(stats, odd);
  CHECK(stats.records() == 4);
  CHECK(stats.intents() == 1);
  CHECK(stats.decisions() == Decisions{.allow = 1, .deny = 1, .other = 1});
  CHECK(stats.first() == kWhen);
  CHECK(stats.last() == kWhen + std::chrono::seconds(90));
  CHECK(stats.latencies().quantile(0.5) == 250);
  CHECK(stats.tally(0).total() == 3);
  const auto scopes = stats.tally(1).top(9);
  REQUIRE(scopes.size() == 2);
  CHECK(shown(scopes[0].value) == "hr:read");
  CHECK(shown(scopes[1].value) == "quote\"d");
}

TEST_CASE("audit/report/stats: the top denials say who, what and why") {
  Stats stats({});
  for (int i = 0; i < 3; ++i)
    add(stats, denied("bob\n\"x\"", "hr/set", "no-grant"));
  add(stats, denied("bob\n\"x\"", "hr/set", "no-role"));
  add(stats, allowed("bob", "hr/set"));
  const auto denials = stats.top_denials(5);
  REQUIRE(denials.size() == 2);
  CHECK(denials[0].sub == "bob\n\"x\"");
  CHECK(denials[0].org == "acme");
  CHECK(denials[0].tool == "hr/set");
  CHECK(denials[0].reason == "no-grant");
  CHECK(denials[0].count == 3);
}

TEST_CASE("audit/report/stats: an intent is pending until its outcome, selected or not") {
  Stats stats({});
  add(stats, intent("settled"));
  add(stats, intent("open"));
  auto outcome = allowed("alice", "hr/get");
  outcome.id = "settled";
  add(stats, outcome, kWhen, false);
  CHECK(stats.decisions().total() == 0);
  REQUIRE(stats.pending_count() == 1);
  CHECK(stats.pending().front().sub == "alice");
  CHECK(stats.pending_is_exact());
}

TEST_CASE(
    "audit/report/stats: more pending intents than there is room for are said to be at least so "
    "many") {
  Stats stats({});
  for (std::size_t i = 0; i <= Stats::kMostPending; ++i)
    add(stats, intent(std::to_string(i)));
  CHECK(stats.pending_count() == Stats::kMostPending);
  CHECK(!stats.pending_is_exact());
}

TEST_CASE("audit/report/stats: numbers for people") {
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(duration_text(999) == "999 µs");
  CHECK(duration_text(1240) == "1.24 ms");
  CHECK(duration_text(999'400) == "999 ms");
  CHECK(duration_text(999'600) == "1.00 s");
}

}  // namespace mcpauth::audit::report
