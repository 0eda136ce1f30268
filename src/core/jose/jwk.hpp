#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/codec/json.hpp"
#include "core/crypto/key.hpp"

namespace mcpauth::jose {

/// A public key as a JWK (RFC 7517) that may verify signatures.
struct Jwk {
  crypto::PublicKey key;
  std::string kid = {};                       ///< empty when the JWK has none
  std::optional<crypto::Algorithm> alg = {};  ///< the JWK's `alg`, when it names one
};

/// A private key, and the `alg` and `kid` that its tokens carry.
struct SigningKey {
  crypto::PrivateKey key;
  crypto::Algorithm alg;
  std::string kid;  ///< the JWK's own, or else the RFC 7638 thumbprint
};

/// Reads a public JWK strictly. Refused, with the Error's `reason`: symmetric keys and private
/// members (kKeyNotPublic), `use` other than sig or `key_ops` without verify (kKeyUse), an `alg`
/// that does not fit (kAlgMismatch) or is not known (kAlgUnsupported), wrong members, lengths or
/// points (kKeyInvalid), weak RSA (kKeyWeak).
Result<Jwk> parse_jwk(const json::Value& jwk);

/// Reads a private JWK from text. The private numbers must belong to the public ones. What reads
/// and writes private keys is in private_jwk.cpp.
Result<SigningKey> parse_private_jwk(const Secret& text);

/// RFC 7638 SHA-256 thumbprint, base64url: the `kid` of all our keys.
std::string thumbprint(const crypto::PublicKey& key);

/// The public JWK with kty, numbers, kid, `use` = sig and alg, and nothing private.
json::Object to_jwk(const crypto::PublicKey& key, std::string_view kid, crypto::Algorithm alg);
/// The private JWK text, with a newline at its end.
Secret to_private_jwk(const SigningKey& key);

/// Reads a key from the content of a file, PEM or JWK by its first character. `alg` overrides what
/// the key implies (an RSA key for PS256) and must fit the key.
Result<SigningKey> load_signing_key(const Secret& content, const Secret& passphrase,
                                    std::optional<crypto::Algorithm> alg = {});

}  // namespace mcpauth::jose
