// The attacks on claims and on the type of a token; those on headers, keys and signatures are in
// threats_test.cpp.

#include "threats.hpp"

using namespace mcpauth;
using namespace mcpauth::test;
using crypto::Algorithm;
using jose::Verdict;

TEST_CASE("jose/threats: a claim or header member that stands twice is refused") {
  auto text = payload();
  text.insert(1, R"("sub":"admin",)");
  CHECK(refusal(with_payload(text)) == reason::kMalformed);
  text.replace(text.find("\"sub\""), 5, R"("s\u0075b")");
  CHECK(refusal(with_payload(text)) == reason::kMalformed);
  const std::string header = R"({"alg":"none","alg":"ES256","kid":"ES256"})";
  CHECK(refusal(signed_as_is(signing_key(Algorithm::es256), header, payload())) ==
        reason::kMalformed);
}

TEST_CASE("jose/threats: an audience is an exact member of the list, never a part of a string") {
  CHECK(judge(with_claim("aud", json::Array{"x", "https://api.example"})).verdict ==
        Verdict::valid);
  for (const auto& aud :
       {json::Value("https://api.example/"), json::Value("https://api.example.evil.example"),
        json::Value("https://api"), json::Value("HTTPS://API.EXAMPLE"),
        json::Value("x https://api.example"), json::Value(json::Array{"x", "y"})}) {
    CHECK(refusal(with_claim("aud", aud)) == reason::kWrongAudience);
  }
  json::Array nested;  // Array{Array{...}} would be a copy to clang
  nested.emplace_back(json::Array{"https://api.example"});
  for (const auto& aud : {json::Value(nullptr), json::Value(1), json::Value(json::Array{}),
                          json::Value(json::Array{"https://api.example", 1}), json::Value(nested),
                          json::Value(json::Object{{"https://api.example", true}})}) {
    CHECK(refusal(with_claim("aud", aud)) == reason::kBadClaim);
  }
}

TEST_CASE("jose/threats: an issuer with a trailing slash or another case is another issuer") {
  for (const auto* iss : {"https://issuer.example/", "https://ISSUER.example",
                          "http://issuer.example", "https://issuer.example.evil.example", ""}) {
    CAPTURE(iss);
    CHECK(refusal(with_claim("iss", iss)) == reason::kWrongIssuer);
  }
  CHECK(refusal(with_claim("iss", json::Array{"https://issuer.example"})) == reason::kBadClaim);
}

TEST_CASE("jose/threats: an expiry that is not a number of seconds does not mean never") {
  const auto good = static_cast<double>(kNow.time_since_epoch().count());
  CHECK(judge(with_claim("exp", good + 0.5)).verdict == Verdict::valid);
  CHECK(refusal(with_claim("exp", good - 1000.5)) == reason::kExpired);
  for (const auto& exp :
       {json::Value(-1), json::Value(std::uint64_t{1} << 63U), json::Value(1e300),
        json::Value(253402300800), json::Value("1900000000"), json::Value(nullptr),
        json::Value(true), json::Value(json::Array{1900000000})}) {
    CHECK(refusal(with_claim("exp", exp)) == reason::kBadClaim);
  }
  CHECK(refusal(with_claim("exp", 0)) == reason::kExpired);
  CHECK(refusal(with_payload(R"({"exp":1e999})")) == reason::kMalformed);
  CHECK(refusal(with_payload(R"({"exp":18446744073709551616})")) == reason::kMalformed);
}

TEST_CASE("jose/threats: a token without expiry is refused") {
  json::Object claims;
  for (const auto& member : good_claims()) {
    if (member.name != "exp") claims.set(member.name, member.value);
  }
  CHECK(refusal(with_payload(json::write(claims))) == reason::kMissingExpiry);
}

TEST_CASE("jose/threats: a token is not good before its time") {
  const auto now = kNow.time_since_epoch().count();
  CHECK(refusal(with_claim("nbf", now + 31)) == reason::kNotYetValid);
  CHECK(refusal(with_claim("iat", now + 31)) == reason::kIssuedInFuture);
  CHECK(refusal(with_claim("nbf", "soon")) == reason::kBadClaim);
  CHECK(refusal(with_claim("iat", -5)) == reason::kBadClaim);
}

TEST_CASE("jose/threats: an id token or another kind of token is not an access token") {
  auto expect = good_expectations();
  expect.types = {"at+jwt"};
  const auto set = test::set_of(signing_key(Algorithm::es256));
  for (const auto* typ : {"JWT", "jwt", "id_token+jwt", "logout+jwt", "dpop+jwt", "at+jwt2", ""}) {
    CAPTURE(typ);
    const auto report = jose::verify(with_member("typ", typ), set, expect, kNow);
    CHECK(refusal(report) == reason::kWrongType);
  }
  for (const auto* typ : {"dpop+jwt", "logout+jwt", "secevent+jwt", "kb+jwt", ""}) {
    CAPTURE(typ);
    CHECK(refusal(with_member("typ", typ)) == reason::kWrongType);
  }
  CHECK(refusal(with_member("typ", 1)) == reason::kWrongType);
  for (const auto* typ : {"at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+JWT"}) {
    CAPTURE(typ);
    CHECK(jose::verify(with_member("typ", typ), set, expect, kNow).verdict == Verdict::valid);
  }
}

TEST_CASE("jose/threats: a payload that is no JSON object has no claims to pass") {
  for (const auto* text : {"", "null", "[]", "\"x\"", "1", "{", "\xEF\xBB\xBF{}"}) {
    CAPTURE(text);
    CHECK(refusal(with_payload(text)) == reason::kMalformed);
  }
}

TEST_CASE("jose/threats: claims of the wrong type are refused even when nobody asks for them") {
  for (const auto* name : {"iss", "sub", "jti", "client_id", "org_id"}) {
    CAPTURE(name);
    const auto set = test::set_of(signing_key(Algorithm::es256));
    const auto report = jose::verify(with_claim(name, 1), set, {}, kNow);
    CHECK(refusal(report) == reason::kBadClaim);
  }
  CHECK(refusal(with_claim("scope", 1)) == reason::kBadClaim);
  CHECK(refusal(with_claim("scope", json::Array{"a", 1})) == reason::kBadClaim);
}
