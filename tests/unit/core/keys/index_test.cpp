#include "core/keys/index.hpp"

#include <doctest/doctest.h>

#include "help.hpp"

namespace mcpauth::keys {
namespace {

using std::chrono::seconds;
using test::contains;
using test::kStart;

Entry make(State state, const jose::SigningKey& key) {
  Entry entry{key.kid, key.alg, state, key.key.public_key(), kStart};
  if (state != State::next) entry.activated = kStart + seconds(600);
  if (state == State::retired) entry.retired = kStart + seconds(1200);
  return entry;
}

/// A good ring.json with one `from` replaced by `to`, read.
Result<std::vector<Entry>> read_with(std::string_view from, std::string_view to) {
  std::string text =
      write_index({make(State::active, test::new_key()), make(State::next, test::new_key())});
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  return parse_index(text);
}

}  // namespace

TEST_CASE("keys/index: what was written is read back the same") {
  const std::vector entries{
      make(State::retired, test::new_key(crypto::Algorithm::eddsa, crypto::KeyType::ed25519)),
      make(State::active, test::new_key(crypto::Algorithm::ps256, crypto::KeyType::rsa)),
      make(State::next, test::new_key(crypto::Algorithm::es384, crypto::KeyType::p384))};
  const auto read = parse_index(write_index(entries));
  REQUIRE(read);
  REQUIRE(read->size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK((*read)[i].kid == entries[i].kid);
    CHECK((*read)[i].alg == entries[i].alg);
    CHECK((*read)[i].state == entries[i].state);
    CHECK((*read)[i].created == entries[i].created);
    CHECK((*read)[i].activated == entries[i].activated);
    CHECK((*read)[i].retired == entries[i].retired);
  }
  CHECK(write_index(*read) == write_index(entries));
}

TEST_CASE("keys/index: what breaks a rule is refused, and the message says which") {
  struct Case {
    std::string_view from, to, says;
  };
  const Case cases[] = {
      {"mcpauth.ring/1", "mcpauth.ring/2", "the schema is `mcpauth.ring/2`"},
      {"\"keys\":", "\"key\":", "unknown member `key`"},
      {"\"state\": \"next\"", "\"state\": \"active\"", "the times do not belong to the state"},
      {"\"state\": \"active\"", "\"state\": \"next\"", "the times do not belong to the state"},
      {"\"state\": \"active\"", "\"state\": \"leaked\"", "`state` is not next, active or retired"},
      {"\"alg\": \"ES256\"", "\"alg\": \"HS256\"", "`alg` is not a supported algorithm: `HS256`"},
      {"\"alg\": \"ES256\"", "\"alg\": \"ES384\"", "`alg` does not fit the key"},
      {"\"created\": \"2027-01-15T08:00:00Z\"", "\"created\": \"now\"", "not an RFC 3339 time"},
      {"\"created\": \"2027-01-15T08:00:00Z\"", "\"created\": 1800000000", "is not a string"},
      {"\"created\": \"2027-01-15T08:00:00Z\",", "", "`created` is missing"},
      {"\"state\": \"next\"", "\"note\": \"x\", \"state\": \"next\"", "unknown member `note`"},
      {"\"kty\": \"EC\"", "\"kty\": \"EC\", \"d\": \"AAAA\"", "`jwk`"},
      {"\"kty\": \"EC\"", "\"kty\": \"EC\", \"x5u\": \"https://a\"", "`jwk`"},
  };
  for (const Case& wrong : cases) {
    CAPTURE(wrong.from);
    CAPTURE(wrong.to);
    const auto read = read_with(wrong.from, wrong.to);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::input);
    CAPTURE(read.error().message);
    CHECK(contains(read.error().message, wrong.says));
  }
}

TEST_CASE("keys/index: a kid that is a path is refused, as is any that is not the thumbprint") {
  const auto key = test::new_key();
  const std::string good = write_index({make(State::active, key)});
  for (const std::string kid : {"../../etc/passwd", "..", "/etc/passwd", "a", ""}) {
    CAPTURE(kid);
    std::string text = good;
    for (auto at = text.find(key.kid); at != std::string::npos; at = text.find(key.kid)) {
      text.replace(at, key.kid.size(), kid);
    }
    const auto read = parse_index(text);
    REQUIRE_FALSE(read);
    CHECK(contains(read.error().message, "`kid` is not the thumbprint of the key"));
  }
}

TEST_CASE("keys/index: no active key, two of them, two next keys or one key twice are refused") {
  const auto a = test::new_key();
  const auto b = test::new_key();
  const auto c = test::new_key();
  const auto says = [](const std::vector<Entry>& entries) {
    const auto read = parse_index(write_index(entries));
    return read ? std::string("read") : read.error().message;
  };
  CHECK(says({}) == "there must be one active key, not 0");
  CHECK(says({make(State::next, a)}) == "there must be one active key, not 0");
  CHECK(says({make(State::active, a), make(State::active, b)}) ==
        "there must be one active key, not 2");
  CHECK(says({make(State::active, a), make(State::next, b), make(State::next, c)}) ==
        "there must be at most one next key");
  CHECK(says({make(State::active, a), make(State::retired, a)}) ==
        "the key `" + a.kid + "` is there twice");
}

TEST_CASE("keys/index: a torn ring.json is refused at every length") {
  const std::string whole = write_index({make(State::active, test::new_key())});
  const auto end = whole.find_last_of('}');
  for (std::size_t size = 0; size <= end; ++size) {
    CAPTURE(size);
    REQUIRE_FALSE(parse_index(std::string_view(whole).substr(0, size)));
  }
}

}  // namespace mcpauth::keys
