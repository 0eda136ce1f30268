#include "core/token/sign.hpp"

#include "core/base/reason.hpp"
#include "core/jose/verify.hpp"
#include "support.hpp"
#include "support/fakes.hpp"

namespace mcpauth::token {
namespace {

Claims alice() {
  return {.issuer = "https://auth.example.com",
          .subject = "alice",
          .audience = "https://hr.internal",
          .client_id = "cli",
          .org = "acme",
          .scopes = {"db:read:employee"}};
}

}  // namespace

TEST_CASE("token/sign: the token is an at+jwt with the RFC 9068 claims, and verifies") {
  const auto key = make_key();
  test::CountingRandom random;
  const auto minted = sign(alice(), std::chrono::minutes(10), key, kNow, random);
  REQUIRE(minted);
  CHECK(minted->expires == kNow + std::chrono::minutes(10));
  CHECK(json::write(minted->claims) ==
        R"({"iss":"https://auth.example.com","sub":"alice","aud":"https://hr.internal",)"
        R"("exp":1800000600,"iat":1800000000,"nbf":1800000000,"jti":"AAECAwQFBgcICQoLDA0ODw",)"
        R"("client_id":"cli","scope":"db:read:employee","org_id":"acme"})");
  const auto jws = jose::parse_jws(minted->token.reveal_text());
  REQUIRE(jws);
  CHECK(json::write(jws->header) == R"({"alg":"ES256","kid":")" + key.kid + R"(","typ":"at+jwt"})");

  std::vector<jose::Jwk> keys;
  keys.push_back({.key = key.key.public_key(), .kid = key.kid, .alg = key.alg});
  const auto report =
      jose::verify(minted->token.reveal_text(), jose::KeySet(std::move(keys)),
                   {.audiences = {"https://hr.internal"}, .types = {"at+jwt"}}, kNow);
  CHECK(report.verdict == jose::Verdict::valid);
}

TEST_CASE("token/sign: nothing signs longer than 15 minutes or shorter than 5") {
  const auto key = make_key();
  test::CountingRandom random;
  for (const int ttl : {0, -1, 299, 901, 3600, 86400}) {
    CAPTURE(ttl);
    const auto refused = sign(alice(), std::chrono::seconds(ttl), key, kNow, random);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == reason::kTtlOutOfRange);
  }
  CHECK(sign(alice(), std::chrono::seconds(300), key, kNow, random));
  CHECK(sign(alice(), std::chrono::seconds(900), key, kNow, random));
}

TEST_CASE("token/sign: a claim that is not allowed stops the signature") {
  const auto key = make_key();
  test::CountingRandom random;
  auto claims = alice();
  claims.extra.set("exp", 4'000'000'000);
  CHECK(sign(claims, std::chrono::minutes(10), key, kNow, random).error().reason ==
        reason::kBadClaim);
  claims = alice();
  claims.org.clear();
  CHECK(sign(claims, std::chrono::minutes(10), key, kNow, random).error().reason == reason::kNoOrg);
}

}  // namespace mcpauth::token
