#pragma once

#include <cstdint>
#include <span>

namespace mcpauth {

/// The source of nonces and identifiers in protocol code, so that tests can replay them. The real
/// one is crypto::SystemRandom.
class Random {
 public:
  virtual ~Random() = default;
  /// Fills `out` with unpredictable bytes. Never fails: without randomness the process ends.
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace mcpauth
