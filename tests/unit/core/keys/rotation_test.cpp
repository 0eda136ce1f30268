#include <map>
#include <random>

#include <doctest/doctest.h>

#include "help.hpp"
#include "support/fakes.hpp"
#include "support/temp_dir.hpp"

// Promise 10, as a simulation: whatever the times at which cron runs, no token is refused.
namespace mcpauth::keys {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::kStart;

constexpr seconds kMaxAge{300};
constexpr seconds kLongestToken{900};
constexpr seconds kLeeway{30};

/// From when to when something was so; `until` is the first instant at which it was not.
struct Span {
  Instant from, until;
};

/// What an onlooker saw, in true time.
struct History {
  std::map<std::string, Span> published, signing;

  void look(const Ring& ring, Instant from, Instant until) {
    const auto set = ring.public_keys();
    for (const jose::Jwk& key : set.keys())
      extend(published, key.kid, from, until);
    const std::string& signer = ring.active().kid;
    if (!signing.contains(signer)) REQUIRE(ring.active_key().value().kid == signer);
    extend(signing, signer, from, until);
  }

 private:
  static void extend(std::map<std::string, Span>& spans, const std::string& kid, Instant from,
                     Instant until) {
    const auto [at, fresh] = spans.try_emplace(kid, Span{from, until});
    if (fresh) return;
    REQUIRE_MESSAGE(at->second.until == from, "a key came back after it had been gone");
    at->second.until = until;
  }
};

/// How many keys signed before every cache knew them, or were gone while tokens of theirs lived.
/// Between two runs of cron nothing changes, so the spans speak for every second in them.
int broken_promises(const History& history, const std::string& first, Instant end) {
  int broken = 0;
  for (const auto& [kid, signs] : history.signing) {
    const Span published = history.published.at(kid);
    if (kid != first && published.from > signs.from - kMaxAge) ++broken;
    const Instant last_signed = signs.until - seconds(1);
    const Instant last_needed = last_signed + kLongestToken + kLeeway;
    if (last_needed < end && published.until <= last_needed) ++broken;
  }
  return broken;
}

struct Outcome {
  int broken;
  std::size_t signers;
};

Outcome run_for(seconds length, const Rotation& rotation, unsigned seed, seconds longest_gap) {
  const mcpauth::test::TempDir dir;
  mcpauth::test::FakeClock clock;
  std::mt19937 random(seed);
  std::uniform_int_distribution<std::int64_t> gap(1, longest_gap.count());
  const Instant end = clock.now() + length;
  Ring ring = Ring::create(dir / "keys", test::new_key(), clock.now()).value();
  const std::string first = ring.active().kid;
  History history;
  while (clock.now() < end) {
    const bool force = random() % 40 == 0;
    const auto report = ring.rotate(rotation, clock.now(), force);
    REQUIRE(report);
    CHECK(report->next_due > clock.now());
    const Instant until = clock.now() + seconds(gap(random));
    history.look(ring, clock.now(), until);
    clock.time = until;
  }
  return {broken_promises(history, first, clock.now()), history.signing.size()};
}

}  // namespace

TEST_CASE("keys/rotation: no token is refused at any second of months, however cron runs") {
  struct Case {
    seconds gap;
    seconds length;
  };
  for (const Case& cron : {Case{minutes(7), days(1)}, {hours(3), days(30)}, {days(2), days(150)}}) {
    CAPTURE(cron.gap.count());
    const auto seed = static_cast<unsigned>(cron.gap.count());
    const auto outcome = run_for(cron.length, {.period = hours(20)}, seed, cron.gap);
    CHECK(outcome.broken == 0);
    CHECK(outcome.signers > 2);
  }
}

TEST_CASE("keys/rotation: the simulation notices when a key waits too short or leaves too early") {
  CHECK(run_for(hours(18), {.publish = seconds(200), .period = hours(2)}, 1, minutes(4)).broken >
        0);
  CHECK(run_for(hours(5), {.period = hours(2), .drain = seconds(900)}, 2, seconds(50)).broken > 0);
}

TEST_CASE("keys/rotation: with cron every minute a key signs for its period, to the minute") {
  const mcpauth::test::TempDir dir;
  Ring ring = Ring::create(dir / "keys", test::new_key(), kStart).value();
  const std::string first = ring.active().kid;
  const Rotation rotation{.period = hours(2)};
  Instant now = kStart;
  for (; ring.active().kid == first; now += minutes(1))
    REQUIRE(ring.rotate(rotation, now));
  CHECK(now - minutes(1) == kStart + hours(2));
}

TEST_CASE("keys/rotation: a clock that jumps about never leaves a ring that does not sign") {
  const mcpauth::test::TempDir dir;
  std::mt19937 random(7);
  std::uniform_int_distribution<std::int64_t> jump(-days(40) / seconds(1), days(50) / seconds(1));
  Ring ring = Ring::create(dir / "keys", test::new_key(), kStart).value();
  Instant now = kStart;
  for (int run = 0; run < 150; ++run) {
    now += seconds(jump(random));
    const auto report = ring.rotate({}, now, run % 3 == 0);
    if (!report) CHECK(test::contains(report.error().message, "before the ring's last change"));
    const auto reopened = Ring::open(dir / "keys");
    REQUIRE(reopened);
    REQUIRE(reopened->active_key());
    CHECK_FALSE(reopened->public_keys().with_kid(reopened->active().kid).empty());
  }
}

}  // namespace mcpauth::keys
