#include "core/jose/verify.hpp"

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "tokens.hpp"

using namespace mcpauth;
using crypto::Algorithm;
using jose::Outcome;
using jose::Verdict;
using test::good_claims;
using test::good_expectations;
using test::kNow;
using test::line;
using test::signing_key;

namespace {

const jose::SigningKey& key() {
  return signing_key(Algorithm::es256);
}

jose::Report judge(const json::Object& claims, const jose::Expectations& expect) {
  return jose::verify(test::token(key(), claims), test::set_of(key()), expect, kNow);
}

jose::Report judge_with(std::string name, json::Value value, const jose::Expectations& expect) {
  auto claims = good_claims();
  claims.set(std::move(name), std::move(value));
  return judge(claims, expect);
}

std::string_view reason_of(const jose::Report& report) {
  const auto* failure = report.first_failure();
  return failure == nullptr ? "valid" : failure->reason;
}

/// A source that has a second set, and counts what it is asked.
class Rotating final : public jose::KeySource {
 public:
  Result<std::shared_ptr<const jose::KeySet>> keys() override {
    ++asked;
    if (broken) return Error{.code = Errc::network, .message = "no answer"};
    return std::make_shared<const jose::KeySet>(test::set_of(signing_key(Algorithm::rs256)));
  }
  Result<std::shared_ptr<const jose::KeySet>> keys_after_unknown(std::string_view kid) override {
    unknown.emplace_back(kid);
    return std::make_shared<const jose::KeySet>(test::set_of(key()));
  }
  int asked = 0;
  bool broken = false;
  std::vector<std::string> unknown;
};

}  // namespace

TEST_CASE("jose/verify: a token of every algorithm is valid under its key, and its claims shown") {
  for (const auto alg : crypto::algorithms()) {
    CAPTURE(crypto::name(alg));
    const auto& signer = signing_key(alg);
    const auto token = jose::sign_jwt(signer, "at+jwt", good_claims()).value();
    const auto report = jose::verify(token, test::set_of(signer), good_expectations(), kNow);
    CHECK(report.verdict == Verdict::valid);
    CHECK(report.first_failure() == nullptr);
    CHECK(report.claims == json::Value(good_claims()));
    CHECK(report.kid == signer.kid);
  }
}

TEST_CASE("jose/verify: the other registered name of EdDSA is read too") {
  const auto& signer = signing_key(Algorithm::eddsa);
  const auto token =
      test::token(signer, {{"alg", "Ed25519"}, {"kid", "EdDSA"}}, json::write(good_claims()));
  CHECK(jose::verify(token, test::set_of(signer), good_expectations(), kNow).verdict ==
        Verdict::valid);
}

TEST_CASE("jose/verify: the check list has every line in its order") {
  const auto report = judge(good_claims(), good_expectations());
  std::string names;
  for (const auto& check : report.checks)
    names += std::string(check.name) + " ";
  CHECK(names == "parse crit alg kid signature typ iss aud exp nbf iat org required scope ");
  CHECK(line(report, "alg").detail == "ES256");
  CHECK(line(report, "signature").outcome == Outcome::pass);
  CHECK(line(report, "org").outcome == Outcome::skip);
  CHECK(line(report, "scope").outcome == Outcome::skip);
}

TEST_CASE("jose/verify: every failure is reported at once, with what was found and expected") {
  const json::Object claims{{"iss", "https://other.example"},
                            {"aud", "x"},
                            {"exp", 1},
                            {"nbf", 1'900'000'000},
                            {"org_id", "evil"}};
  auto expect = good_expectations();
  expect.org = "acme";
  expect.scopes = {"a:b"};
  expect.required = {{"sub", std::nullopt}};
  auto token = test::token(key(), claims);
  token.back() = token.back() == 'A' ? 'Q' : 'A';
  const auto report = jose::verify(token, test::set_of(key()), expect, kNow);
  CHECK(report.verdict == Verdict::invalid);
  CHECK(report.claims.is_null());
  const std::pair<std::string_view, std::string_view> failures[] = {
      {"signature", reason::kBadSignature}, {"iss", reason::kWrongIssuer},
      {"aud", reason::kWrongAudience},      {"exp", reason::kExpired},
      {"nbf", reason::kNotYetValid},        {"org", reason::kWrongOrg},
      {"required", reason::kMissingClaim},  {"scope", reason::kMissingScope}};
  for (const auto& [name, why] : failures) {
    CAPTURE(name);
    CHECK(line(report, name).outcome == Outcome::fail);
    CHECK(line(report, name).reason == why);
  }
  CHECK(line(report, "iss").detail == "`https://other.example`; expected `https://issuer.example`");
  CHECK(line(report, "aud").detail == "\"x\"; expected `https://api.example`");
  CHECK(line(report, "exp").detail == "1; now is 1800000000");
  CHECK(line(report, "org").detail == "`evil`; expected `acme`");
}

TEST_CASE("jose/verify: times are judged to the second, with the leeway") {
  const auto now = kNow.time_since_epoch().count();
  jose::Expectations expect;
  for (const int leeway : {0, 30}) {
    expect.leeway = std::chrono::seconds(leeway);
    CAPTURE(leeway);
    CHECK(reason_of(judge_with("exp", now - leeway, expect)) == reason::kExpired);
    CHECK(reason_of(judge_with("exp", now - leeway + 1, expect)) == "valid");
    CHECK(reason_of(judge_with("nbf", now + leeway, expect)) == "valid");
    CHECK(reason_of(judge_with("nbf", now + leeway + 1, expect)) == reason::kNotYetValid);
    CHECK(reason_of(judge_with("iat", now + leeway, expect)) == "valid");
    CHECK(reason_of(judge_with("iat", now + leeway + 1, expect)) == reason::kIssuedInFuture);
    expect.max_age = std::chrono::seconds(60);
    CHECK(reason_of(judge_with("iat", now - 60 - leeway, expect)) == "valid");
    CHECK(reason_of(judge_with("iat", now - 61 - leeway, expect)) == reason::kTooOld);
    expect.max_age.reset();
  }
}

TEST_CASE("jose/verify: an age is asked for in vain when there is no iat") {
  const auto exp = kNow.time_since_epoch().count() + 60;
  const json::Object claims{{"exp", exp}};
  CHECK(reason_of(judge(claims, {})) == "valid");
  CHECK(reason_of(judge(claims, {.max_age = std::chrono::seconds(60)})) == reason::kMissingClaim);
}

TEST_CASE("jose/verify: a claim that is asked for and absent fails") {
  const json::Object claims{{"exp", kNow.time_since_epoch().count() + 60}};
  CHECK(reason_of(judge(claims, {.audiences = {"a"}})) == reason::kWrongAudience);
  CHECK(reason_of(judge(claims, {.issuers = {"a"}})) == reason::kWrongIssuer);
  CHECK(reason_of(judge(claims, {.org = "a"})) == reason::kWrongOrg);
  CHECK(reason_of(judge(claims, {.scopes = {"a"}})) == reason::kMissingScope);
}

TEST_CASE("jose/verify: scopes are words of a string or members of a list") {
  const jose::Expectations expect{.scopes = {"a:b", "c:d"}};
  CHECK(reason_of(judge_with("scope", "a:b c:d e", expect)) == "valid");
  CHECK(reason_of(judge_with("scope", json::Array{"c:d", "a:b"}, expect)) == "valid");
  CHECK(reason_of(judge_with("scope", json::Array{"a:b c:d"}, expect)) == reason::kMissingScope);
  CHECK(reason_of(judge_with("scope", "a:b c:dd", expect)) == reason::kMissingScope);
  CHECK(reason_of(judge_with("scope", "a:b,c:d", expect)) == reason::kMissingScope);
  const auto report = judge_with("scope", "a:b", expect);
  CHECK(line(report, "scope").detail == "not held: `c:d`; the token has \"a:b\"");
}

TEST_CASE("jose/verify: required claims are there, with the value where one is given") {
  const auto ask = [](std::string name, std::optional<std::string> value) {
    auto claims = good_claims();
    claims.set("n", 7);
    claims.set("list", json::Array{"a", "b"});
    claims.set("act", json::Object{{"sub", "agent"}});
    return reason_of(judge(claims, {.required = {{std::move(name), std::move(value)}}}));
  };
  CHECK(ask("sub", std::nullopt) == "valid");
  CHECK(ask("sub", "alice") == "valid");
  CHECK(ask("sub", "bob") == reason::kMissingClaim);
  CHECK(ask("n", "7") == "valid");
  CHECK(ask("n", "07") == reason::kMissingClaim);
  CHECK(ask("list", "b") == "valid");
  CHECK(ask("list", "c") == reason::kMissingClaim);
  CHECK(ask("/act/sub", "agent") == "valid");
  CHECK(ask("nothing", std::nullopt) == reason::kMissingClaim);
}

TEST_CASE("jose/verify: without asking for a type, at+jwt, JWT and none pass") {
  const auto typed = [](std::string_view header) {
    const auto token = test::signed_as_is(key(), header, json::write(good_claims()));
    return reason_of(jose::verify(token, test::set_of(key()), good_expectations(), kNow));
  };
  CHECK(typed(R"({"alg":"ES256","kid":"ES256"})") == "valid");
  CHECK(typed(R"({"alg":"ES256","kid":"ES256","typ":"jwt"})") == "valid");
  CHECK(typed(R"({"alg":"ES256","kid":"ES256","typ":"application/jwt"})") == "wrong-type");
  CHECK(typed(R"({"alg":"ES256","kid":"ES256","typ":"application/x/jwt"})") == reason::kWrongType);
  CHECK(typed(R"({"alg":"ES256","kid":"ES256","typ":"JOSE"})") == reason::kWrongType);
}

TEST_CASE("jose/verify: only the listed algorithms pass when there is a list") {
  auto expect = good_expectations();
  expect.algs = {Algorithm::eddsa};
  CHECK(reason_of(judge(good_claims(), expect)) == reason::kAlgNotAllowed);
  expect.algs.push_back(Algorithm::es256);
  CHECK(reason_of(judge(good_claims(), expect)) == "valid");
}

TEST_CASE("jose/verify: without a kid exactly one fitting key will do") {
  const auto token = test::token(key(), {{"alg", "ES256"}}, json::write(good_claims()));
  const auto one = test::public_jwk(key());
  const auto rsa = test::public_jwk(signing_key(Algorithm::rs256));
  const auto judge_by = [&token](std::vector<jose::Jwk> keys) {
    return jose::verify(token, jose::KeySet(std::move(keys)), good_expectations(), kNow);
  };
  CHECK(judge_by({one, rsa}).verdict == Verdict::valid);
  const auto none = judge_by({rsa});
  CHECK(none.verdict == Verdict::unverifiable);
  CHECK(reason_of(none) == reason::kMissingKid);
  const auto two = judge_by({one, one});
  CHECK(two.verdict == Verdict::unverifiable);
  CHECK(reason_of(two) == reason::kMissingKid);
}

TEST_CASE("jose/verify: of several keys with one kid the one that fits and verifies is taken") {
  auto other = crypto::PrivateKey::generate(crypto::KeyType::p256).value();
  auto rsa = test::public_jwk(signing_key(Algorithm::rs256));
  rsa.kid = "ES256";
  const jose::KeySet set(
      {rsa, {.key = other.public_key(), .kid = "ES256"}, test::public_jwk(key())});
  const auto token = test::token(key(), good_claims());
  CHECK(jose::verify(token, set, good_expectations(), kNow).verdict == Verdict::valid);
}

TEST_CASE("jose/verify: an absent key makes a token unverifiable, whatever else is wrong with it") {
  auto claims = good_claims();
  claims.set("exp", 1);
  const auto report =
      jose::verify(test::token(key(), claims), test::set_of(signing_key(Algorithm::rs256)),
                   good_expectations(), kNow);
  CHECK(report.verdict == Verdict::unverifiable);
  CHECK(line(report, "kid").reason == reason::kUnknownKid);
  CHECK(line(report, "exp").reason == reason::kExpired);
  CHECK(report.claims.is_null());
}

TEST_CASE("jose/verify: a source is asked again for an unknown kid, once") {
  Rotating source;
  const auto token = test::token(key(), good_claims());
  const auto report = jose::verify(token, source, good_expectations(), kNow);
  REQUIRE(report);
  CHECK(report->verdict == Verdict::valid);
  CHECK(source.unknown == std::vector<std::string>{"ES256"});

  auto header = test::header_of(key());
  header.set("kid", "gone");
  const auto gone = test::token(key(), header, json::write(good_claims()));
  const auto second = jose::verify(gone, source, good_expectations(), kNow);
  REQUIRE(second);
  CHECK(second->verdict == Verdict::unverifiable);
  CHECK(source.unknown == std::vector<std::string>{"ES256", "gone"});
}

TEST_CASE("jose/verify: a token that is bad on its own costs no look at the keys") {
  Rotating source;
  for (const std::string_view token : {"", "a.b.c", "eyJhbGciOiJub25lIiwia2lkIjoieCJ9.e30."}) {
    const auto report = jose::verify(token, source, good_expectations(), kNow);
    REQUIRE(report);
    CHECK(report->verdict == Verdict::invalid);
  }
  CHECK(source.asked == 0);
  CHECK(source.unknown.empty());
}

TEST_CASE("jose/verify: unavailable keys are an error, not a verdict") {
  Rotating source;
  source.broken = true;
  const auto report =
      jose::verify(test::token(key(), good_claims()), source, good_expectations(), kNow);
  REQUIRE(!report);
  CHECK(report.error().code == Errc::network);
}

TEST_CASE("jose/verify: signature only takes any payload and looks at no claim") {
  const jose::Expectations expect{.issuers = {"x"}, .signature_only = true};
  for (const auto* payload : {"", "not json", "{\"exp\":1}"}) {
    CAPTURE(payload);
    const auto token = test::token(key(), {{"alg", "ES256"}, {"kid", "ES256"}}, payload);
    const auto report = jose::verify(token, test::set_of(key()), expect, kNow);
    CHECK(report.verdict == Verdict::valid);
    CHECK(report.claims.is_null());
    CHECK(line(report, "exp").outcome == Outcome::skip);
  }
}
