#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/jose/jwk.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::keys {

enum class State { next, active, retired };
std::string_view name(State state);

/// One key of the ring, without its private part.
struct Entry {
  std::string kid;
  crypto::Algorithm alg = crypto::Algorithm::es256;
  State state = State::next;
  crypto::PublicKey key;
  Instant created{};
  std::optional<Instant> activated = {};
  std::optional<Instant> retired = {};
};

/// How long each step of a rotation waits (promise 10).
struct Rotation {
  std::chrono::seconds publish{600};   ///< next is published this long before it signs (2 x the JWKS max-age)
  std::chrono::seconds period{std::chrono::days(30)};  ///< how long a key signs
  std::chrono::seconds drain{900 + 60};  ///< retired is published until the last token has expired
};

/// What `rotate` did, and when it has something to do again.
struct RotateReport {
  std::vector<std::string> steps;  ///< "made next key X", "X signs now", "removed X"; empty: nothing due
  Instant next_due{};
  std::string next_step;
};

/// The key ring: a directory (0700) with one private file (0600) a key and `ring.json` that says
/// each key's state and times. Changed under a lock and whole or not at all.
class Ring {
 public:
  /// Makes the directory with one active key; Errc::exists where there is a ring already.
  static Result<Ring> create(const std::filesystem::path& directory, jose::SigningKey first,
                             Instant now);
  static Result<Ring> open(const std::filesystem::path& directory);

  const std::vector<Entry>& entries() const { return entries_; }
  /// Public keys of all states: what a JWKS publishes.
  jose::KeySet public_keys() const;
  /// Loads the private key that signs now.
  Result<jose::SigningKey> active_key() const;

  /// Adds a key as next.
  Result<void> add(jose::SigningKey key, Instant now);
  /// Takes each step that is due and no other; safe to run at any time and from several places.
  Result<RotateReport> rotate(const Rotation& rotation, Instant now, bool force = false);
  /// Takes a key out of use at once (a leaked one): it stays neither signing nor published.
  Result<void> retire(std::string_view kid, Instant now);

 private:
  Ring(std::filesystem::path directory, std::vector<Entry> entries)
      : directory_(std::move(directory)), entries_(std::move(entries)) {}
  std::filesystem::path directory_;
  std::vector<Entry> entries_;
};

}  // namespace mcpauth::keys
