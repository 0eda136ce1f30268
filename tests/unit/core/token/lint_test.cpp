#include "core/token/lint.hpp"

#include <algorithm>

#include "core/token/sign.hpp"
#include "support.hpp"
#include "support/fakes.hpp"

namespace mcpauth::token {
namespace {

constexpr std::string_view kHeader = R"({"alg":"ES256","kid":"k","typ":"at+jwt"})";
constexpr std::string_view kClaims =
    R"({"iss":"https://i","sub":"s","aud":"a","exp":1800000600,"iat":1800000000,"jti":"j",)"
    R"("client_id":"c","scope":"a:b","org_id":"o"})";

std::vector<std::string> rules(std::string_view header, std::string_view claims,
                               std::string_view signature = std::string(64, 's')) {
  const auto token = unsigned_token(header, claims, signature);
  const auto jws = jose::parse_jws(token);
  REQUIRE(jws);
  std::vector<std::string> names;
  for (const auto& finding : lint(*jws, kNow))
    names.emplace_back(finding.rule);
  return names;
}

using Names = std::vector<std::string>;

std::string claims_with(std::string_view from, std::string_view to) {
  std::string text(kClaims);
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("token/lint: a token of ours has no finding") {
  const auto key = make_key();
  test::CountingRandom random;
  const auto minted = sign({.issuer = "https://i",
                            .subject = "s",
                            .audience = "a",
                            .client_id = "c",
                            .org = "o",
                            .scopes = {"a:b"},
                            .roles = {"r"},
                            .idp = "okta",
                            .kind = policy::SubjectKind::user},
                           std::chrono::minutes(15), key, kNow, random);
  REQUIRE(minted);
  const auto jws = jose::parse_jws(minted->token.reveal_text());
  CHECK(lint(*jws, kNow).empty());
  CHECK(rules(kHeader, kClaims).empty());
}

TEST_CASE("token/lint: each header rule fires on its own fault and no other does") {
  const struct {
    std::string_view header;
    std::string_view rule;
  } cases[] = {
      {R"({"alg":"none","kid":"k","typ":"at+jwt"})", "alg-none"},
      {R"({"alg":"nOnE","kid":"k","typ":"at+jwt"})", "alg-none"},
      {R"({"alg":"HS256","kid":"k","typ":"at+jwt"})", "alg-hmac"},
      {R"({"alg":"XX1","kid":"k","typ":"at+jwt"})", "alg-unknown"},
      {R"({"kid":"k","typ":"at+jwt"})", "alg-unknown"},
      {R"({"alg":"ES384","kid":"k","typ":"at+jwt"})", "signature-length"},
      {R"({"alg":"ES256","kid":"k","typ":"at+jwt","jwk":{}})", "embedded-key"},
      {R"({"alg":"ES256","kid":"k","typ":"at+jwt","jku":"https://e"})", "embedded-key"},
      {R"({"alg":"ES256","kid":"k","typ":"at+jwt","x5u":"https://e"})", "embedded-key"},
      {R"({"alg":"ES256","kid":"k","typ":"at+jwt","x5c":[]})", "embedded-key"},
      {R"({"alg":"ES256","kid":"k","typ":"at+jwt","crit":["x"]})", "unknown-crit"},
      {R"({"alg":"ES256","kid":"k","typ":"at+jwt","b64":false})", "unencoded-payload"},
      {R"({"alg":"ES256","kid":"k","typ":"at+jwt","zip":"DEF"})", "compressed"},
      {R"({"alg":"ES256","ALG":"none","kid":"k","typ":"at+jwt"})", "name-case"},
      {R"({"alg":"ES256","typ":"at+jwt"})", "no-kid"},
      {R"({"alg":"ES256","kid":"../../etc/passwd","typ":"at+jwt"})", "odd-kid"},
      {R"({"alg":"ES256","kid":"' OR 1=1","typ":"at+jwt"})", "odd-kid"},
      {R"({"alg":"ES256","kid":"k"})", "no-typ"},
      {R"({"alg":"ES256","kid":"k","typ":"JWT"})", "not-at-jwt"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.header);
    CHECK(rules(one.header, kClaims) == Names{std::string(one.rule)});
  }
}

TEST_CASE("token/lint: each claim rule fires on its own fault and no other does") {
  const struct {
    std::string_view from, to, rule;
  } cases[] = {
      {R"("exp":1800000600,)", "", "no-exp"},
      {R"("exp":1800000600,)", R"("exp":"soon",)", "bad-time"},
      {R"("exp":1800000600,)", R"("exp":-1,)", "bad-time"},
      {R"("exp":1800000600,)", R"("exp":9223372036854775807,)", "bad-time"},
      {R"("exp":1800000600,)", R"("exp":1800000901,)", "long-life"},
      {R"("exp":1800000600,)", R"("exp":1800086400,)", "long-life"},
      {R"("exp":1800000600,)", R"("exp":1799999999,)", "exp-before-iat"},
      {R"("exp":1800000600,)", R"("exp":1800000600,"nbf":1800000600,)", "exp-before-nbf"},
      {R"("iat":1800000000,)", "", "no-iat"},
      {R"("iat":1800000000,)", R"("iat":1800000300,)", "iat-in-future"},
      {R"("jti":"j",)", R"("jti":"j","Exp":99999999999,)", "name-case"},
      {R"("aud":"a",)", "", "no-aud"},
      {R"("aud":"a",)", R"("aud":[],)", "bad-aud"},
      {R"("aud":"a",)", R"("aud":7,)", "bad-aud"},
      {R"("aud":"a",)", R"("aud":["a","b"],)", "many-audiences"},
      {R"("aud":"a",)", R"("aud":"https://*.example.com",)", "wildcard-aud"},
      {R"("iss":"https://i",)", "", "no-iss"},
      {R"("iss":"https://i",)", R"("iss":"http://i",)", "iss-not-https"},
      {R"("sub":"s",)", "", "no-sub"},
      {R"("client_id":"c",)", "", "no-client-id"},
      {R"("jti":"j",)", "", "no-jti"},
      {R"(,"org_id":"o")", "", "no-org"},
      {R"("scope":"a:b",)", "", "no-scope"},
      {R"("scope":"a:b",)", R"("scope":"a:*",)", "wildcard-scope"},
      {R"("scope":"a:b",)", R"("scope":"a  b",)", "bad-scope"},
      {R"("scope":"a:b",)", R"("scope":"",)", "bad-scope"},
      {R"("jti":"j",)", R"("jti":"j","db_password":"x",)", "secret-claim"},
      {R"("jti":"j",)", R"("jti":"j","note":"-----BEGIN PRIVATE KEY-----",)", "secret-claim"},
      {R"("jti":"j",)", R"("jti":"j","inner":"eyJhbGciOiJFUzI1NiJ9.e30.x",)", "secret-claim"},
      {R"("jti":"j",)", R"("jti":"j","email":"a@b.example",)", "personal-claim"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.to);
    CHECK(rules(kHeader, claims_with(one.from, one.to)) == Names{std::string(one.rule)});
  }
}

TEST_CASE("token/lint: over an hour is an error, over 15 minutes a warning") {
  const auto severity = [](std::string_view exp) {
    const auto token = unsigned_token(kHeader, claims_with("1800000600", exp));
    const auto jws = jose::parse_jws(token);
    const auto findings = lint(*jws, kNow);
    REQUIRE(findings.size() == 1);
    return findings[0].error;
  };
  CHECK_FALSE(severity("1800001800"));
  CHECK(severity("1800007200"));
}

TEST_CASE("token/lint: an expired token is not a finding by itself") {
  const auto token = unsigned_token(kHeader, kClaims);
  CHECK(lint(*jose::parse_jws(token), kNow + std::chrono::hours(24)).empty());
}

TEST_CASE("token/lint: a payload that is not a claims object, and a token too large for headers") {
  CHECK(rules(kHeader, "hello") == Names{"no-claims"});
  CHECK(rules(kHeader, claims_with(R"("jti":"j",)", R"("jti":"j","x":")" + std::string(9000, 'x') +
                                                        "\",")) == Names{"large-token"});
}

}  // namespace mcpauth::token
