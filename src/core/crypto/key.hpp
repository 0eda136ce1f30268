#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "core/crypto/algorithm.hpp"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY; no OpenSSL header is visible outside core/crypto

namespace mcpauth::crypto {

inline constexpr unsigned kMinRsaBits = 2048;
inline constexpr unsigned kMaxRsaBits = 8192;  ///< larger keys make each verification too expensive

/// The public numbers of a key, big-endian, as in a JWK. EC: x and y at the curve's full length;
/// Ed25519: x; RSA: n and e without leading zeros.
struct PublicParts {
  KeyType type = KeyType::p256;
  Bytes x, y, n, e;
};

/// A checked public key, in public_key.cpp and verify.cpp. Cheap to copy (shared, immutable),
/// usable from several threads at once.
class PublicKey {
 public:
  /// Refuses wrong lengths, points off the curve or at infinity, low-order Ed25519 points, RSA
  /// under 2048 or over 8192 bits, and RSA exponents that are even, under 3 or over 32 bits (a long
  /// exponent makes verifying slow, and honest keys have a short one). The Error's `reason` is
  /// kKeyInvalid or kKeyWeak.
  static Result<PublicKey> from_parts(const PublicParts& parts);
  /// SubjectPublicKeyInfo PEM ("BEGIN PUBLIC KEY"), one block; the same checks.
  static Result<PublicKey> from_pem(std::string_view pem);

  KeyType type() const;
  unsigned bits() const;
  PublicParts parts() const;
  std::string to_pem() const;

  /// Whether `signature` (JWS form: r||s for EC) is valid. False for a wrong signature, and when
  /// the algorithm does not fit the key. An Error only when the library itself fails.
  Result<bool> verify(Algorithm algorithm, BytesView message, BytesView signature) const;

 private:
  friend class PrivateKey;
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// The private numbers of a key, big-endian, as in a JWK: `d`; for RSA p, q, dp, dq and qi too.
struct PrivateParts {
  PublicParts public_parts;
  Secret d, p, q, dp, dq, qi;
};

/// A private signing key, in private_key.cpp. Move-only; usable from several threads at once.
class PrivateKey {
 public:
  /// Makes a key. `rsa_bits` is for RSA only, 2048 to 8192.
  static Result<PrivateKey> generate(KeyType type, unsigned rsa_bits = 2048);
  /// PKCS#8 ("PRIVATE KEY", "ENCRYPTED PRIVATE KEY") or the traditional "EC/RSA PRIVATE KEY".
  /// An encrypted key with an empty passphrase is Errc::needs_person.
  static Result<PrivateKey> from_pem(const Secret& pem, const Secret& passphrase = {});
  static Result<PrivateKey> from_parts(const PrivateParts& parts);

  PrivateKey(PrivateKey&&) noexcept = default;
  PrivateKey& operator=(PrivateKey&&) noexcept = default;

  KeyType type() const;
  PublicKey public_key() const;
  PrivateParts parts() const;
  /// PKCS#8 PEM; with a passphrase encrypted (PBES2, PBKDF2-HMAC-SHA256, AES-256-CBC).
  Result<Secret> to_pem(const Secret& passphrase = {}) const;
  /// A JWS signature (r||s for EC). The algorithm must fit the key: anything else is a bug.
  Result<Bytes> sign(Algorithm algorithm, BytesView message) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const noexcept;
  };
  explicit PrivateKey(evp_pkey_st* key) : key_(key) {}
  std::unique_ptr<evp_pkey_st, Free> key_;
};

}  // namespace mcpauth::crypto
