#include "core/jose/jws.hpp"

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "support/vectors.hpp"
#include "tokens.hpp"

using namespace mcpauth;
using crypto::Algorithm;
using jose::Verdict;
using test::signing_key;
using test::vector_of;

namespace {

/// The public part of a vector's private key, as a set.
jose::KeySet open_set(const std::string& file) {
  const auto key = jose::parse_private_jwk(Secret::copy_of(vector_of(file, "key"))).value();
  return jose::KeySet({{.key = key.key.public_key()}});
}

Verdict verdict_of(const std::string& token, const jose::KeySet& set) {
  return jose::verify(token, set, {.signature_only = true}, test::kNow).verdict;
}

std::string_view refusal(std::string_view token) {
  const auto jws = jose::parse_jws(token);
  return jws ? "accepted" : jws.error().reason;
}

}  // namespace

TEST_CASE("jose/jws: the signatures of RFC 7515 appendix A.2 to A.4 and RFC 8037 A.4 are good") {
  for (const auto* file : {"rfc7515/a2.txt", "rfc7515/a3.txt", "rfc7515/a4.txt"}) {
    CAPTURE(file);
    auto token = vector_of(file, "token");
    const auto set = open_set(file);
    CHECK(verdict_of(token, set) == Verdict::valid);
    token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
    CHECK(verdict_of(token, set) == Verdict::invalid);
  }
  const auto set = jose::KeySet::parse(vector_of("rfc8037/a.txt", "key")).value();
  CHECK(verdict_of(vector_of("rfc8037/a.txt", "token"), set) == Verdict::valid);
}

TEST_CASE("jose/jws: RS256 and EdDSA make the very signatures of the RFCs") {
  const auto check = [](const std::string& file, const char* member) {
    const auto token = vector_of(file, "token");
    const auto jws = jose::parse_jws(token).value();
    const auto key = jose::parse_private_jwk(Secret::copy_of(vector_of(file, member))).value();
    const auto made = jose::sign_jws(key, *jws.header.object(), jws.payload);
    REQUIRE(made);
    CHECK(*made == token);
  };
  check("rfc7515/a2.txt", "key");
  check("rfc8037/a.txt", "private");
}

TEST_CASE(
    "jose/jws: the claims of RFC 7515 appendix A.2 are valid in their time, expired in ours") {
  const auto token = vector_of("rfc7515/a2.txt", "token");
  const auto set = open_set("rfc7515/a2.txt");
  const Instant then{std::chrono::seconds(1300819000)};
  const auto report = jose::verify(token, set, {.issuers = {"joe"}}, then);
  CHECK(report.verdict == Verdict::valid);
  CHECK(*report.claims.find("http://example.com/is_root")->boolean());
  const auto late = jose::verify(token, set, {.issuers = {"joe"}}, test::kNow);
  CHECK(late.first_failure()->reason == reason::kExpired);
}

TEST_CASE("jose/jws: a token is taken apart without being judged") {
  const auto token = vector_of("rfc7515/a1.txt", "token");
  const auto jws = jose::parse_jws(token);
  REQUIRE(jws);
  CHECK(jws->alg() == "HS256");
  CHECK(jws->typ() == "JWT");
  CHECK(jws->kid() == "");
  CHECK(jws->signature.size() == 32);
  CHECK(jws->signing_input.size() + 1 + 43 == token.size());
  CHECK(text_of(jws->payload).starts_with("{\"iss\":\"joe\""));
}

TEST_CASE("jose/jws: what is not three strict parts is refused") {
  const std::string header = base64url::encode(bytes_of(R"({"alg":"ES256"})"));
  const std::string good = header + ".e30.AAAA";
  CHECK(refusal(good) == "accepted");
  CHECK(refusal(header + "..") == "accepted");
  const std::pair<std::string, std::string_view> bad[] = {
      {"", reason::kMalformed},
      {".", reason::kMalformed},
      {"..", reason::kMalformed},
      {header, reason::kMalformed},
      {header + ".e30", reason::kMalformed},
      {good + ".AAAA", reason::kMalformed},
      {good + ".AAAA.AAAA", reason::kEncrypted},
      {good + ".AAAA.AAAA.AAAA", reason::kMalformed},
      {" " + good, reason::kMalformed},
      {good + "\n", reason::kMalformed},
      {good + "=", reason::kMalformed},
      {header + "=.e30.AAAA", reason::kMalformed},
      {header + ".e30=.AAAA", reason::kMalformed},
      {header + ".e3+.AAAA", reason::kMalformed},
      {header + ".e31.AAAA", reason::kMalformed},
      {"e30.e30.AAB", reason::kMalformed},
      {"W10.e30.AAAA", reason::kMalformed},
      {R"({"payload":"e30","signatures":[]})", reason::kMalformed},
      {std::string(jose::kMaxTokenBytes + 1, 'A'), reason::kTooLarge}};
  for (const auto& [token, why] : bad) {
    CAPTURE(token.substr(0, 100));
    CHECK(refusal(token) == why);
  }
}

TEST_CASE("jose/jws: a header that is not strict JSON is refused") {
  for (const std::string_view header :
       {"{\"alg\":\"ES256\",\"alg\":\"none\"}", "\xEF\xBB\xBF{\"alg\":\"ES256\"}",
        "{\"alg\":\"ES\\u0000256\"}", "{\"alg\":\"\xFF\"}", "{\"alg\":\"ES256\"} {}", "[]",
        "null"}) {
    CAPTURE(header);
    CHECK(refusal(base64url::encode(bytes_of(header)) + ".e30.AAAA") == reason::kMalformed);
  }
}

TEST_CASE("jose/jws: signing refuses a header that names another algorithm") {
  const auto& key = signing_key(Algorithm::es256);
  for (const auto& header : {json::Object{}, json::Object{{"alg", "none"}},
                             json::Object{{"alg", "ES384"}}, json::Object{{"alg", 1}}}) {
    const auto token = jose::sign_jws(key, header, {});
    REQUIRE(!token);
    CHECK(token.error().code == Errc::usage);
  }
}

TEST_CASE("jose/jws: a JWT of ours has alg, kid and typ and nothing else in its header") {
  const auto& key = signing_key(Algorithm::es256);
  const auto token = jose::sign_jwt(key, "at+jwt", {{"sub", "a"}}).value();
  const auto jws = jose::parse_jws(token).value();
  CHECK(json::write(jws.header) == R"({"alg":"ES256","kid":"ES256","typ":"at+jwt"})");
  CHECK(text_of(jws.payload) == R"({"sub":"a"})");
}
