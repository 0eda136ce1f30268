#include "core/keys/lint.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "core/codec/json.hpp"
#include "core/jose/jwks.hpp"
#include "help.hpp"

namespace mcpauth::keys {
namespace {

/// "severity rule" of each finding, in order.
std::vector<std::string> rules(const Result<std::vector<Finding>>& findings) {
  REQUIRE(findings);
  std::vector<std::string> list;
  for (const Finding& finding : *findings) {
    list.push_back(std::string(name(finding.severity)) + " " + std::string(finding.rule));
  }
  return list;
}

json::Object good_jwk() {
  const auto key = test::new_key();
  return jose::to_jwk(key.key.public_key(), key.kid, key.alg);
}

std::string set_of(json::Array keys) {
  return json::write(json::Value(json::Object{{"keys", std::move(keys)}}));
}

json::Object without(const json::Object& jwk, std::string_view name) {
  json::Object rest;
  for (const auto& member : jwk) {
    if (member.name != name) rest.set(member.name, member.value);
  }
  return rest;
}

json::Object with(json::Object jwk, std::string name, json::Value value) {
  jwk.set(std::move(name), std::move(value));
  return jwk;
}

}  // namespace

TEST_CASE("keys/lint: a set of ours is clean") {
  const auto rsa = test::new_key(crypto::Algorithm::rs256, crypto::KeyType::rsa);
  const auto text = set_of({good_jwk(), jose::to_jwk(rsa.key.public_key(), rsa.kid, rsa.alg)});
  CHECK(rules(lint(text)).empty());
  CHECK_FALSE(worst(*lint(text)));
}

TEST_CASE("keys/lint: each fault of one key is found, under its own name") {
  const auto rsa = test::new_key(crypto::Algorithm::rs256, crypto::KeyType::rsa);
  const auto rsa_jwk = jose::to_jwk(rsa.key.public_key(), rsa.kid, rsa.alg);
  const auto good = good_jwk();
  struct Case {
    json::Object jwk;
    std::string_view found;
  };
  const Case cases[] = {
      {with(good, "d", "AAAA"), "error private-member"},
      {with(rsa_jwk, "p", "AAAA"), "error private-member"},
      {{{"kty", "oct"}, {"k", "c2VjcmV0"}, {"kid", "a"}}, "error symmetric-key"},
      {with(good, "kty", "AKP"), "warning unknown-kty"},
      {without(good, "kty"), "warning unknown-kty"},
      {with(good, "crv", "secp256k1"), "warning unknown-curve"},
      {with(good, "x", "AAAA"), "error invalid-key"},
      {with(good, "y", *good.find("x")), "error invalid-key"},
      {with(rsa_jwk, "n", "u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun"), "error weak-key"},
      {without(good, "kid"), "warning missing-kid"},
      {with(good, "kid", 7), "warning missing-kid"},
      {with(good, "kid", "a\nb"), "warning odd-kid"},
      {with(good, "kid", std::string(10'000, 'k')), "warning odd-kid"},
      {with(good, "kid", "mine"), "info kid-not-thumbprint"},
      {without(good, "alg"), "info missing-alg"},
      {without(rsa_jwk, "alg"), "warning missing-alg"},
      {with(rsa_jwk, "alg", "HS256"), "error symmetric-alg"},
      {with(good, "alg", "none"), "error symmetric-alg"},
      {with(good, "alg", "ES256K"), "warning unknown-alg"},
      {with(good, "alg", "RS256"), "error wrong-alg"},
      {without(good, "use"), "info missing-use"},
      {with(good, "use", "enc"), "info encryption-key"},
      {with(good, "use", "signature"), "warning wrong-use"},
      {with(good, "key_ops", json::Array{"sign"}), "warning wrong-use"},
      {with(good, "x5u", "https://example.com/c"), "warning x5u"},
      {with(good, "x5c", json::Array{"AAAA"}), "info x5c"},
  };
  for (const Case& wrong : cases) {
    const auto text = set_of({wrong.jwk});
    CAPTURE(text);
    const auto found = rules(lint(text));
    CHECK(std::ranges::find(found, wrong.found) != found.end());
  }
}

TEST_CASE("keys/lint: what belongs to a key names it by place and kid") {
  const auto text = set_of({good_jwk(), with(good_jwk(), "kid", "mine")});
  const auto findings = lint(text);
  REQUIRE(findings);
  REQUIRE(findings->size() == 1);
  CHECK(findings->front().index == 1);
  CHECK(findings->front().kid == "mine");
}

TEST_CASE("keys/lint: one kid for two keys, and one key under two kids") {
  const auto a = with(good_jwk(), "kid", "same");
  const auto b = with(good_jwk(), "kid", "same");
  const auto kids = rules(lint(set_of({a, b})));
  CHECK(std::ranges::count(kids, "error duplicate-kid") == 1);
  const auto twice = rules(lint(set_of({a, with(a, "kid", "other")})));
  CHECK(std::ranges::count(twice, "warning duplicate-key") == 1);
  CHECK(std::ranges::count(twice, "error duplicate-kid") == 0);
}

TEST_CASE("keys/lint: without use beside an encryption key is worse than without") {
  const auto text = set_of({without(good_jwk(), "use"), with(good_jwk(), "use", "enc")});
  const auto found = rules(lint(text));
  CHECK(std::ranges::count(found, "warning missing-use") == 1);
}

TEST_CASE("keys/lint: the set as a whole") {
  CHECK(rules(lint("{}")) == std::vector<std::string>{"error not-a-key-set"});
  CHECK(rules(lint("[]")) == std::vector<std::string>{"error not-a-key-set"});
  CHECK(rules(lint(R"({"keys":{}})")) == std::vector<std::string>{"error not-a-key-set"});
  CHECK(rules(lint(R"({"keys":[]})")) == std::vector<std::string>{"error no-keys"});
  CHECK(rules(lint(R"({"keys":[7]})")) == std::vector<std::string>{"error not-an-object"});
  CHECK(rules(lint(json::write(json::Value(good_jwk())))) ==
        std::vector<std::string>{"info single-key"});
}

TEST_CASE("keys/lint: many keys are a warning, too many an error that costs nothing") {
  json::Array keys;
  for (int i = 0; i < 17; ++i)
    keys.emplace_back(good_jwk());
  CHECK(rules(lint(set_of(keys))) == std::vector<std::string>{"warning too-many-keys"});
  const json::Value one = keys.front();
  while (keys.size() <= jose::KeySet::kMaxKeys)
    keys.push_back(one);
  CHECK(rules(lint(set_of(keys))) == std::vector<std::string>{"error too-many-keys"});
}

TEST_CASE("keys/lint: what is not JSON, or has a member twice, is not a key set") {
  for (const std::string_view text : {"", "<html>", R"({"keys":[],"keys":[]})", "{\"keys\":["}) {
    CAPTURE(text);
    const auto findings = lint(text);
    REQUIRE_FALSE(findings);
    CHECK(findings.error().code == Errc::input);
  }
}

}  // namespace mcpauth::keys
