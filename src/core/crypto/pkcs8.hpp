#pragma once

#include <optional>

#include "core/crypto/key.hpp"

namespace mcpauth::crypto::pkcs8 {

/// Reads the numbers in an unencrypted "PRIVATE KEY" block (PKCS #8, RFC 5208) of the usual shapes:
/// RSAPrivateKey (RFC 8017 A.1.2), ECPrivateKey with its public key (RFC 5915), Ed25519 (RFC 8410).
/// Nothing for any other text. Does not check the numbers. It exists for speed: setting up
/// OpenSSL's decoders takes longer than signing.
std::optional<PrivateParts> read_usual(const Secret& pem);

}  // namespace mcpauth::crypto::pkcs8
