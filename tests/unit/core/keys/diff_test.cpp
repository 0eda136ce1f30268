#include "core/keys/diff.hpp"

#include <doctest/doctest.h>

#include "help.hpp"

namespace mcpauth::keys {
namespace {

using test::contains;

jose::Jwk jwk(const jose::SigningKey& key) {
  return {key.key.public_key(), key.kid, key.alg};
}

}  // namespace

TEST_CASE("keys/diff: equal sets have no difference, in any order") {
  const auto a = jwk(test::new_key());
  const auto b = jwk(test::new_key());
  const auto difference = compare(jose::KeySet({a, b}), jose::KeySet({b, a}));
  CHECK(difference.changes.empty());
  CHECK(difference.dangers.empty());
  CHECK(difference.kept == 2);
}

TEST_CASE("keys/diff: a step of a rotation that keeps a key is safe") {
  const auto a = jwk(test::new_key());
  const auto b = jwk(test::new_key());
  const auto c = jwk(test::new_key());
  const auto difference = compare(jose::KeySet({a, b}), jose::KeySet({b, c}));
  REQUIRE(difference.changes.size() == 2);
  CHECK(difference.changes[0].change == Change::added);
  CHECK(difference.changes[0].kid == c.kid);
  CHECK(difference.changes[1].change == Change::removed);
  CHECK(difference.changes[1].kid == a.kid);
  CHECK(difference.kept == 1);
  CHECK(difference.dangers.empty());
}

TEST_CASE("keys/diff: a swap without overlap is not safe") {
  const auto difference =
      compare(jose::KeySet({jwk(test::new_key())}), jose::KeySet({jwk(test::new_key())}));
  CHECK(difference.kept == 0);
  REQUIRE(difference.dangers.size() == 1);
  CHECK(contains(difference.dangers[0], "no key is in both sets"));
}

TEST_CASE("keys/diff: a kid given to another key is not safe, even with overlap") {
  const auto stays = jwk(test::new_key());
  auto old_key = jwk(test::new_key());
  auto new_key = jwk(test::new_key());
  old_key.kid = new_key.kid = "signing";
  const auto difference = compare(jose::KeySet({stays, old_key}), jose::KeySet({stays, new_key}));
  REQUIRE(difference.dangers.size() == 1);
  CHECK(contains(difference.dangers[0], "`signing` names another key now"));
}

TEST_CASE("keys/diff: the same key under another kid or algorithm is a change, and not safe") {
  const auto stays = jwk(test::new_key());
  const auto before = jwk(test::new_key(crypto::Algorithm::rs256, crypto::KeyType::rsa));
  auto after = before;
  after.alg = crypto::Algorithm::ps256;
  const auto difference = compare(jose::KeySet({stays, before}), jose::KeySet({stays, after}));
  REQUIRE(difference.changes.size() == 1);
  CHECK(difference.changes[0].change == Change::changed);
  CHECK(difference.changes[0].detail == "alg was RS256, is PS256");
  CHECK(difference.dangers.size() == 1);
}

TEST_CASE(
    "keys/diff: one key under two kids does not differ from itself, but losing one kid is a "
    "difference") {
  const auto a = jwk(test::new_key());
  auto alias = a;
  alias.kid = "alias";
  const jose::KeySet both({a, alias});
  CHECK(compare(both, both).changes.empty());
  CHECK(compare(both, both).kept == 2);
  const auto fewer = compare(both, jose::KeySet({a}));
  REQUIRE(fewer.changes.size() == 1);
  CHECK(fewer.changes[0].change == Change::removed);
  CHECK(fewer.changes[0].kid == "alias");
}

}  // namespace mcpauth::keys
