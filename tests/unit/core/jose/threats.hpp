#pragma once

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "tokens.hpp"

// What the cases of the known attacks share: a token that is good but for one thing, and the reason
// for which it is refused.
namespace mcpauth::test {

inline std::string payload() {
  return json::write(good_claims());
}

inline jose::Report judge(std::string_view token, const jose::KeySet& set) {
  return jose::verify(token, set, good_expectations(), kNow);
}

inline jose::Report judge(std::string_view token,
                          crypto::Algorithm alg = crypto::Algorithm::es256) {
  return judge(token, set_of(signing_key(alg)));
}

/// The reason for which a token is refused; claims of such a token must not be shown.
inline std::string_view refusal(const jose::Report& report) {
  CHECK(report.claims.is_null());
  CHECK(report.verdict == jose::Verdict::invalid);
  return report.first_failure() == nullptr ? "valid" : report.first_failure()->reason;
}

inline std::string_view refusal(std::string_view token,
                                crypto::Algorithm alg = crypto::Algorithm::es256) {
  return refusal(judge(token, alg));
}

/// A well signed token with one more header member.
inline std::string with_member(std::string name, json::Value value) {
  const auto& key = signing_key(crypto::Algorithm::es256);
  auto header = header_of(key);
  header.set(std::move(name), std::move(value));
  return signed_as_is(key, json::write(header), payload());
}

/// A well signed token with this payload.
inline std::string with_payload(std::string_view text) {
  const auto& key = signing_key(crypto::Algorithm::es256);
  return signed_as_is(key, json::write(header_of(key)), text);
}

inline std::string with_claim(std::string name, json::Value value) {
  auto claims = good_claims();
  claims.set(std::move(name), std::move(value));
  return with_payload(json::write(claims));
}

}  // namespace mcpauth::test
