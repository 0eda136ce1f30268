#include "core/keys/plan.hpp"

#include <doctest/doctest.h>

#include "help.hpp"

namespace mcpauth::keys {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;
using test::kStart;

Entry entry(std::string kid, State state, Instant created) {
  static const crypto::PublicKey key = test::new_key().key.public_key();
  Entry made{std::move(kid), crypto::Algorithm::es256, state, key, created};
  if (state != State::next) made.activated = created + minutes(10);
  if (state == State::retired) made.retired = created + days(30);
  return made;
}

}  // namespace

TEST_CASE("keys/plan: a lone active key waits for its next key to be made") {
  const std::vector entries{entry("a", State::active, kStart)};
  const auto dues = upcoming(entries, {});
  REQUIRE(dues.size() == 1);
  CHECK(dues[0].step == Step::make_next);
  CHECK(dues[0].at == kStart + minutes(10) + days(30) - minutes(10));
  CHECK(describe(dues[0]) == "a next key is made");
}

TEST_CASE("keys/plan: a next key signs after it was published, and no second next is planned") {
  const std::vector entries{entry("a", State::active, kStart), entry("n", State::next, kStart)};
  const auto dues = upcoming(entries, {});
  REQUIRE(dues.size() == 1);
  CHECK(dues[0].step == Step::activate);
  CHECK(dues[0].kid == "n");
  CHECK(dues[0].at == kStart + minutes(10));
}

TEST_CASE("keys/plan: the soonest step comes first") {
  const auto retired = entry("r", State::retired, kStart - days(30));
  const std::vector entries{entry("a", State::active, kStart), entry("n", State::next, kStart),
                            retired};
  const auto dues = upcoming(entries, {.drain = seconds(900)});
  REQUIRE(dues.size() == 2);
  CHECK(dues[0].step == Step::activate);
  CHECK(dues[1].step == Step::remove);
  CHECK(dues[1].at == *retired.retired + seconds(900));
}

TEST_CASE("keys/plan: waiting times that break the promise are refused") {
  CHECK(check({}));
  CHECK(check({.publish = seconds(0)}).error().code == Errc::usage);
  CHECK(check({.publish = minutes(10), .period = minutes(10)}).error().code == Errc::usage);
  CHECK(check({.drain = seconds(899)}).error().message ==
        "a retired key must stay published for at least 15m, the life of a token");
}

TEST_CASE("keys/plan: the last change is the latest time of any key") {
  std::vector entries{entry("a", State::active, kStart), entry("n", State::next, kStart + days(3))};
  CHECK(last_change(entries) == kStart + days(3));
  entries.push_back(entry("r", State::retired, kStart));
  CHECK(last_change(entries) == kStart + days(30));
}

}  // namespace mcpauth::keys
