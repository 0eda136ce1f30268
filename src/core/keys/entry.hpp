#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/base/ttl.hpp"
#include "core/crypto/key.hpp"

namespace mcpauth::keys {

/// next: published, does not sign yet. active: signs; there is exactly one. retired: published
/// until the last token it signed has expired; its private part is gone.
enum class State { next, active, retired };
std::string_view name(State state);
std::optional<State> state_named(std::string_view text);

/// One key of the ring, without its private part. `kid` is the RFC 7638 thumbprint.
struct Entry {
  std::string kid;
  crypto::Algorithm alg = crypto::Algorithm::es256;
  State state = State::next;
  crypto::PublicKey key;
  Instant created{};  ///< published since then
  std::optional<Instant> activated = {};
  std::optional<Instant> retired = {};
};

/// How long each step of a rotation waits (promise 10).
struct Rotation {
  std::chrono::seconds publish{600};  ///< next is published this long before it signs (2 x max-age)
  std::chrono::seconds period{std::chrono::days(30)};  ///< how long a key signs
  /// Retired is published this long: the longest life of a token, plus the leeway of verifiers and
  /// the time until a running server signs with the new key.
  std::chrono::seconds drain{kMaxTtl + std::chrono::seconds(60)};
};

}  // namespace mcpauth::keys
