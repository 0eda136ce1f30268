#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "core/crypto/ossl.hpp"

namespace mcpauth::crypto {

/// The reusable OpenSSL contexts of one verification.
struct VerifyContext {
  Algorithm algorithm;
  ossl::PkeyCtx pkey;  ///< EC and RSA: initialised, digest and padding set
  ossl::MdCtx digest;
};

/// Contexts that have already verified with a key, because making one is a noticeable part of the
/// cost of a verification. Threads take and return them without waiting for each other.
class IdleContexts {
 public:
  IdleContexts() = default;
  IdleContexts(const IdleContexts&) = delete;
  IdleContexts& operator=(const IdleContexts&) = delete;
  ~IdleContexts();

  /// A context of this algorithm, or null when there is none yet.
  std::unique_ptr<VerifyContext> take(Algorithm algorithm) const;
  void give_back(std::unique_ptr<VerifyContext> context) const;

 private:
  static constexpr std::size_t kSlots = 8;
  static std::size_t slot_of_thread();
  mutable std::array<std::atomic<VerifyContext*>, kSlots> slots_{};
};

/// The checks of a public key that need no OpenSSL key: lengths, RSA numbers, Ed25519 points. They
/// do not check that an EC point is on its curve.
Result<void> check_public_parts(const PublicParts& parts);

/// The part that copies of a PublicKey share. Immutable except for the idle contexts.
struct PublicKey::State {
  ossl::Pkey key;
  PublicParts parts;
  unsigned bits = 0;
  IdleContexts idle = {};

  State(ossl::Pkey from, PublicParts with, unsigned size)
      : key(std::move(from)), parts(std::move(with)), bits(size) {}

  /// Makes a key from parts that have been checked or that belong to a private key. Null when
  /// OpenSSL refuses.
  static std::shared_ptr<const State> make(const PublicParts& parts);
};

}  // namespace mcpauth::crypto
