#include "core/jose/verify.hpp"

#include <doctest/doctest.h>

#include "tokens.hpp"

using namespace mcpauth;
using jose::Outcome;
using jose::Verdict;
using test::good_claims;
using test::good_expectations;
using test::kNow;
using test::line;
using test::signing_key;

TEST_CASE("jose/verify: a token of every algorithm is valid under its key, and its claims shown") {
  for (const auto alg : crypto::algorithms()) {
    CAPTURE(crypto::name(alg));
    const auto& key = signing_key(alg);
    const auto token = jose::sign_jwt(key, "at+jwt", good_claims()).value();
    const auto report = jose::verify(token, test::set_of(key), good_expectations(), kNow);
    CHECK(report.verdict == Verdict::valid);
    CHECK(report.first_failure() == nullptr);
    CHECK(report.claims == json::Value(good_claims()));
    CHECK(report.kid == key.kid);
  }
}
