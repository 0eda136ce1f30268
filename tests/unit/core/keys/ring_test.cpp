#include "core/keys/ring.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/keys/store.hpp"
#include "help.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::keys {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;
using test::contains;
using test::kStart;
using test::with_state;

struct Fixture {
  mcpauth::test::TempDir dir;
  fs::path keys = dir / "keys";
  Ring ring = Ring::create(keys, test::new_key(), kStart).value();
  std::string first = ring.active().kid;

  bool has_private(std::string_view kid) const {
    return fs::exists(store::private_path(keys, kid));
  }
  bool published(std::string_view kid) const {
    return !Ring::open(keys).value().public_keys().with_kid(kid).empty();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "keys/ring: a new ring signs with its first key and publishes it") {
  CHECK(ring.entries().size() == 1);
  CHECK(ring.active().state == State::active);
  CHECK(ring.active().created == kStart);
  const auto key = ring.active_key();
  REQUIRE(key);
  CHECK(key->kid == first);
  CHECK(jose::thumbprint(key->key.public_key()) == first);
  CHECK(ring.public_keys().to_json().find("\"d\"") == std::string::npos);
  CHECK(published(first));
}

TEST_CASE_FIXTURE(Fixture,
                  "keys/ring: a second ring in the same directory is refused, the first stays") {
  const auto again = Ring::create(keys, test::new_key(), kStart);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Errc::exists);
  CHECK(Ring::open(keys).value().active().kid == first);
}

TEST_CASE_FIXTURE(Fixture,
                  "keys/ring: an added key is published at once and signs ten minutes later") {
  const auto key = test::new_key(crypto::Algorithm::eddsa, crypto::KeyType::ed25519);
  REQUIRE(ring.add(key, kStart));
  CHECK(published(key.kid));
  CHECK(ring.rotate({}, kStart + seconds(599))->steps.empty());
  CHECK(ring.active().kid == first);
  const auto report = ring.rotate({}, kStart + seconds(600));
  REQUIRE(report);
  CHECK(report->steps ==
        std::vector<std::string>{"retired `" + first + "`", "`" + key.kid + "` signs now"});
  CHECK(ring.active_key()->kid == key.kid);
  CHECK(ring.active_key()->alg == crypto::Algorithm::eddsa);
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: a second next key and a key that is there are refused") {
  const auto key = test::new_key();
  REQUIRE(ring.add(key, kStart));
  const auto second = ring.add(test::new_key(), kStart);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::exists);
  CHECK(contains(second.error().message, key.kid));
  CHECK(ring.add(key, kStart).error().code == Errc::exists);
}

TEST_CASE_FIXTURE(Fixture,
                  "keys/ring: a rotation destroys the private part and keeps the public one") {
  REQUIRE(ring.rotate({}, kStart, true));
  const std::string next = with_state(ring, State::next)->kid;
  const Instant turn = kStart + minutes(10);
  REQUIRE(ring.rotate({}, turn));
  CHECK_FALSE(has_private(first));
  CHECK(has_private(next));
  CHECK(published(first));
  CHECK(ring.rotate({}, turn + seconds(959))->steps.empty());
  CHECK(published(first));
  CHECK(ring.rotate({}, turn + seconds(960))->steps ==
        std::vector<std::string>{"removed `" + first + "`"});
  CHECK_FALSE(published(first));
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: rotate does nothing twice and says when it has work again") {
  const auto idle = ring.rotate({}, kStart);
  REQUIRE(idle);
  CHECK(idle->steps.empty());
  CHECK(idle->next_due == kStart + days(30) - minutes(10));
  CHECK(idle->next_step == "a next key is made");
  const auto made = ring.rotate({}, kStart + days(30) - minutes(10));
  const std::string next = with_state(ring, State::next)->kid;
  CHECK(made->steps == std::vector<std::string>{"made next key `" + next + "`"});
  CHECK(made->next_due == kStart + days(30));
  CHECK(made->next_step == "`" + next + "` signs");
  CHECK(ring.rotate({}, kStart + days(30) - minutes(10))->steps.empty());
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: force starts a rotation early and waits as long as ever") {
  REQUIRE(ring.rotate({}, kStart, true));
  CHECK(ring.rotate({}, kStart + seconds(599), true)->steps.empty());
  CHECK(ring.active().kid == first);
  CHECK(ring.entries().size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: a new key is of the kind of the one it follows") {
  const fs::path other = dir / "other";
  auto eddsa = Ring::create(
      other, test::new_key(crypto::Algorithm::eddsa, crypto::KeyType::ed25519), kStart);
  REQUIRE(eddsa->rotate({}, kStart, true));
  CHECK(with_state(*eddsa, State::next)->alg == crypto::Algorithm::eddsa);
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: a next key without its private part never takes over") {
  REQUIRE(ring.rotate({}, kStart, true));
  const std::string next = with_state(ring, State::next)->kid;
  fs::remove(store::private_path(keys, next));
  const auto rotated = ring.rotate({}, kStart + days(1));
  REQUIRE_FALSE(rotated);
  CHECK(rotated.error().code == Errc::not_found);
  CHECK(contains(rotated.error().hint, retire_command(next)));
  CHECK(Ring::open(keys)->active_key()->kid == first);
  REQUIRE(ring.retire(next, kStart + days(1)));
  CHECK(ring.rotate({}, kStart + days(1), true)->steps.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: a private file with another key in it is refused") {
  const auto other = test::new_key();
  REQUIRE(
      write_file(store::private_path(keys, first), other.key.to_pem()->reveal(), Overwrite::yes));
  const auto key = ring.active_key();
  REQUIRE_FALSE(key);
  CHECK(contains(key.error().message, "contains another key than its name says"));
}

TEST_CASE_FIXTURE(Fixture,
                  "keys/ring: who opened the ring before a rotation signs with the new key") {
  const Ring before = Ring::open(keys).value();
  REQUIRE(ring.rotate({}, kStart, true));
  REQUIRE(ring.rotate({}, kStart + minutes(10)));
  const auto key = before.active_key();
  REQUIRE(key);
  CHECK(key->kid == ring.active().kid);
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: a leaked active key is gone at once and a new one signs") {
  const auto report = ring.retire(first, kStart + days(1));
  REQUIRE(report);
  CHECK(report->published_for == seconds(0));
  CHECK_FALSE(has_private(first));
  CHECK_FALSE(published(first));
  CHECK(ring.entries().size() == 1);
  CHECK(ring.active_key()->kid == ring.active().kid);
  CHECK(ring.active().kid != first);
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: a next key takes over from a leaked one, however young") {
  REQUIRE(ring.rotate({}, kStart, true));
  const std::string next = with_state(ring, State::next)->kid;
  const auto report = ring.retire(first, kStart + seconds(100));
  REQUIRE(report);
  CHECK(report->published_for == seconds(100));
  CHECK(ring.active().kid == next);
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: a next key that cannot be read does not stop an emergency") {
  REQUIRE(ring.rotate({}, kStart, true));
  const std::string next = with_state(ring, State::next)->kid;
  fs::remove(store::private_path(keys, next));
  REQUIRE(ring.retire(first, kStart + seconds(100)));
  CHECK(ring.entries().size() == 1);
  CHECK(ring.active_key());
  CHECK(ring.active().kid != next);
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: next and retired keys can be taken out, unknown ones not") {
  REQUIRE(ring.rotate({}, kStart, true));
  const std::string next = with_state(ring, State::next)->kid;
  const auto report = ring.retire(next, kStart);
  REQUIRE(report);
  CHECK_FALSE(report->published_for);
  CHECK_FALSE(has_private(next));
  CHECK(ring.active().kid == first);
  CHECK(ring.retire(next, kStart).error().code == Errc::not_found);
  CHECK(ring.retire("../keys", kStart).error().code == Errc::not_found);
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: a clock that went back starts nothing and breaks nothing") {
  REQUIRE(ring.rotate({}, kStart, true));
  const Instant back = kStart - days(365);
  CHECK(ring.rotate({}, back)->steps.empty());
  CHECK(ring.active_key()->kid == first);
  REQUIRE(ring.retire(with_state(ring, State::next)->kid, kStart));

  const auto forced = ring.rotate({}, back, true);
  REQUIRE_FALSE(forced);
  CHECK(contains(forced.error().message, "which is before the ring's last change at 2027-01-15"));
  CHECK_FALSE(ring.add(test::new_key(), back));
  CHECK(Ring::open(keys)->entries().size() == 1);
  // An emergency does not wait for the right time.
  CHECK(ring.retire(first, back));
  CHECK(ring.active_key());
}

TEST_CASE_FIXTURE(Fixture, "keys/ring: a refused rotation leaves everything as it was") {
  const auto before = read_file(store::index_path(keys)).value();
  CHECK(ring.rotate({.publish = seconds(0)}, kStart, true).error().code == Errc::usage);
  CHECK(read_file(store::index_path(keys)).value() == before);
}

}  // namespace mcpauth::keys
