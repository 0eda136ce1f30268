#include "core/jose/jwks.hpp"

#include <doctest/doctest.h>

#include "support/vectors.hpp"
#include "tokens.hpp"

using namespace mcpauth;
using crypto::Algorithm;
using jose::KeySet;
using test::signing_key;
using test::vector_of;

namespace {

json::Object jwk_of(Algorithm alg) {
  return jose::to_jwk(signing_key(alg).key.public_key(), signing_key(alg).kid, alg);
}

std::string set_text(json::Array keys) {
  return json::write(json::Object{{"keys", std::move(keys)}});
}

}  // namespace

TEST_CASE(
    "jose/jwks: of RFC 7517 appendix A.1 the signing key is kept, the encryption key skipped") {
  const auto set = KeySet::parse(vector_of("rfc7517/a1.txt", "set"));
  REQUIRE(set);
  REQUIRE(set->keys().size() == 1);
  CHECK(set->keys()[0].kid == "2011-04-29");
  REQUIRE(set->skipped().size() == 1);
  CHECK(set->skipped()[0].index == 0);
  CHECK(set->skipped()[0].kid == "1");
  CHECK(set->skipped()[0].reason == reason::kKeyUse);
}

TEST_CASE("jose/jwks: a set of private or symmetric keys only is unusable, and says why") {
  const auto owned = KeySet::parse(vector_of("rfc7517/a2.txt", "set"));
  REQUIRE(!owned);
  CHECK(owned.error().reason == reason::kKeySetUnusable);
  CHECK(owned.error().message.find("private member `d`") != std::string::npos);
  const auto symmetric = KeySet::parse(vector_of("rfc7517/a3.txt", "set"));
  REQUIRE(!symmetric);
  CHECK(symmetric.error().reason == reason::kKeySetUnusable);
}

TEST_CASE("jose/jwks: one bad key does not spoil the others") {
  json::Array keys{jwk_of(Algorithm::es256), json::Object{{"kty", "oct"}, {"k", "AAAA"}}, 7,
                   jwk_of(Algorithm::eddsa)};
  const auto set = KeySet::parse(set_text(std::move(keys)));
  REQUIRE(set);
  CHECK(set->keys().size() == 2);
  REQUIRE(set->skipped().size() == 2);
  CHECK(set->skipped()[0].reason == reason::kKeyNotPublic);
  CHECK(set->skipped()[1].reason == reason::kKeyInvalid);
}

TEST_CASE("jose/jwks: a single JWK and a PEM are sets of one") {
  const auto single = KeySet::parse(json::write(jwk_of(Algorithm::es256)));
  REQUIRE(single);
  CHECK(single->keys().size() == 1);
  const auto open = signing_key(Algorithm::es256).key.public_key();
  const auto pem = KeySet::parse(open.to_pem());
  REQUIRE(pem);
  REQUIRE(pem->keys().size() == 1);
  CHECK(pem->keys()[0].kid == jose::thumbprint(open));
  CHECK(!pem->keys()[0].alg);
}

TEST_CASE("jose/jwks: a text that is not a key set is refused") {
  for (const auto* text :
       {"", "[]", "7", "{}", R"({"keys":{}})", R"({"keys":null})", R"({"keys":[]})", "<html><body>",
        R"({"keys":[]}x)", R"({"keys":[],"keys":[]})", "-----BEGIN CERTIFICATE-----"}) {
    CAPTURE(text);
    const auto set = KeySet::parse(text);
    REQUIRE(!set);
    CHECK(set.error().code == Errc::input);
  }
}

TEST_CASE("jose/jwks: a set of 10,000 keys is refused for its size, not read") {
  json::Array keys;
  for (int i = 0; i < 10'000; ++i) {
    keys.emplace_back(json::Object{{"kty", "EC"}, {"kid", std::to_string(i)}});
  }
  const auto set = KeySet::parse(set_text(std::move(keys)));
  REQUIRE(!set);
  CHECK(set.error().message.find("10000 keys") != std::string::npos);
  const auto large = KeySet::parse("{\"keys\":[]," + std::string(KeySet::kMaxBytes, ' ') + "}");
  REQUIRE(!large);
  CHECK(large.error().message.find("over 524288 bytes") != std::string::npos);
}

TEST_CASE("jose/jwks: one key more than the limit is refused, the limit is not") {
  json::Array keys(KeySet::kMaxKeys, jwk_of(Algorithm::es256));
  CHECK(KeySet::parse(set_text(keys)).value().keys().size() == KeySet::kMaxKeys);
  keys.emplace_back(jwk_of(Algorithm::es256));
  CHECK(!KeySet::parse(set_text(keys)));
}

TEST_CASE("jose/jwks: keys of one kid are all found") {
  auto other = jwk_of(Algorithm::eddsa);
  other.set("kid", "ES256");
  const auto set = KeySet::parse(set_text({jwk_of(Algorithm::es256), other})).value();
  CHECK(set.with_kid("ES256").size() == 2);
  CHECK(set.with_kid("es256").empty());
  CHECK(set.with_kid("").empty());
}

TEST_CASE("jose/jwks: a written set has public members only and reads back") {
  const KeySet set({test::public_jwk(signing_key(Algorithm::rs256)),
                    test::public_jwk(signing_key(Algorithm::eddsa))});
  const auto text = set.to_json();
  CHECK(text.find("\"d\"") == std::string::npos);
  const auto back = KeySet::parse(text);
  REQUIRE(back);
  CHECK(back->skipped().empty());
  CHECK(back->to_json() == text);
}
