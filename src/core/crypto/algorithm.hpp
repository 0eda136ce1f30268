#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace mcpauth::crypto {

/// The supported types of key. None is symmetric: HMAC keys are never accepted.
enum class KeyType { p256, p384, p521, ed25519, rsa };

/// The JWS algorithms (RFC 7518 section 3, RFC 8037, RFC 9864). `Ed25519` and `EdDSA` are the same.
enum class Algorithm { es256, es384, es512, eddsa, rs256, rs384, rs512, ps256, ps384, ps512 };

/// Every algorithm, in the order above.
std::span<const Algorithm> algorithms();

/// The `alg` value that we write: "ES256", "EdDSA", ...
std::string_view name(Algorithm algorithm);
/// "P-256", "Ed25519", "RSA", ... for people and for `crv`.
std::string_view name(KeyType type);

/// Exact match of the registered names; "Ed25519" reads as eddsa. Nothing for any other name.
std::optional<Algorithm> algorithm_named(std::string_view wanted);

/// Whether a key of this type can sign with this algorithm. EC and Ed25519 keys fit exactly one
/// algorithm, RSA keys all six RSA ones.
bool fits(Algorithm algorithm, KeyType type);

/// The algorithm of a key that does not name one: the only one that fits; RS256 for RSA.
Algorithm default_algorithm(KeyType type);

}  // namespace mcpauth::crypto
