#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/codec/base64url.hpp"
#include "core/jose/verify.hpp"

namespace mcpauth::test {

inline constexpr Instant kNow = Instant{std::chrono::seconds(1'800'000'000)};

/// One key per algorithm, made once; its `kid` is the algorithm's name.
inline const jose::SigningKey& signing_key(crypto::Algorithm alg) {
  static std::map<crypto::Algorithm, jose::SigningKey> keys;
  const auto at = keys.find(alg);
  if (at != keys.end()) return at->second;
  auto type = crypto::KeyType::rsa;
  for (const auto kind : {crypto::KeyType::p256, crypto::KeyType::p384, crypto::KeyType::p521,
                          crypto::KeyType::ed25519}) {
    if (crypto::fits(alg, kind)) type = kind;
  }
  jose::SigningKey key{.key = crypto::PrivateKey::generate(type).value(),
                       .alg = alg,
                       .kid = std::string(crypto::name(alg))};
  return keys.emplace(alg, std::move(key)).first->second;
}

inline jose::Jwk public_jwk(const jose::SigningKey& key) {
  return {.key = key.key.public_key(), .kid = key.kid, .alg = key.alg};
}

inline jose::KeySet set_of(const jose::SigningKey& key) {
  return jose::KeySet({public_jwk(key)});
}

/// Claims that pass every check at `kNow`.
inline json::Object good_claims() {
  const auto now = kNow.time_since_epoch().count();
  return {{"iss", "https://issuer.example"},
          {"sub", "alice"},
          {"aud", "https://api.example"},
          {"exp", now + 600},
          {"iat", now},
          {"nbf", now},
          {"jti", "1"},
          {"client_id", "c"},
          {"scope", "a:b c:d"},
          {"org_id", "acme"}};
}

inline jose::Expectations good_expectations() {
  return {.audiences = {"https://api.example"}, .issuers = {"https://issuer.example"}};
}

inline json::Object header_of(const jose::SigningKey& key) {
  return {{"alg", crypto::name(key.alg)}, {"kid", key.kid}, {"typ", "at+jwt"}};
}

inline std::string token(const jose::SigningKey& key, const json::Object& header,
                         std::string_view payload) {
  return jose::sign_jws(key, header, bytes_of(payload)).value();
}

inline std::string token(const jose::SigningKey& key, const json::Object& claims) {
  return token(key, header_of(key), json::write(claims));
}

/// A token of exactly these texts, with whatever signature.
inline std::string forged(std::string_view header, std::string_view payload, BytesView signature) {
  return base64url::encode(bytes_of(header)) + "." + base64url::encode(bytes_of(payload)) + "." +
         base64url::encode(signature);
}

/// A token of exactly these texts with a good signature: what an issuer gone wrong would make.
inline std::string signed_as_is(const jose::SigningKey& key, std::string_view header,
                                std::string_view payload) {
  const std::string input =
      base64url::encode(bytes_of(header)) + "." + base64url::encode(bytes_of(payload));
  return input + "." + base64url::encode(key.key.sign(key.alg, bytes_of(input)).value());
}

/// The line of a report by its name.
inline const jose::Check& line(const jose::Report& report, std::string_view name) {
  for (const auto& check : report.checks) {
    if (check.name == name) return check;
  }
  throw std::out_of_range("no such check");
}

}  // namespace mcpauth::test
