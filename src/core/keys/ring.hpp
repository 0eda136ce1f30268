#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/jose/jwk.hpp"
#include "core/jose/jwks.hpp"
#include "core/keys/entry.hpp"

namespace mcpauth::keys {

/// "mcpauth keys retire KID". A KID that begins with a dash comes after "--".
std::string retire_command(std::string_view kid);

/// What `rotate` did, and when the next step is due.
struct RotateReport {
  std::vector<std::string>
      steps;  ///< "made next key X", "X signs now", "removed X"; empty: nothing due
  Instant next_due{};
  std::string next_step;
};

/// What `retire` did.
struct RetireReport {
  std::vector<std::string> steps;
  /// Set when another key took over: how long it had been published. Less than twice the max-age
  /// means that verifiers may refuse its tokens until they fetch the keys again.
  std::optional<std::chrono::seconds> published_for = {};
};

/// The key ring: a directory (0700) with a private file (0600) for each key and `ring.json`, which
/// has each key's state, times and public part. A change takes a lock and happens completely or not
/// at all: after a crash at any point the ring opens as before or after it. See
/// docs/formats/keys.md.
class Ring {
 public:
  /// Makes the directory with one active key; Errc::exists where there is a ring already.
  static Result<Ring> create(const std::filesystem::path& directory, const jose::SigningKey& first,
                             Instant now);
  /// Refuses files that others can read, links, and a ring.json that breaks a rule. Reads no
  /// private key. Errc::not_found where there is no ring.
  static Result<Ring> open(const std::filesystem::path& directory);

  /// The file whose change means that the ring has changed.
  static std::filesystem::path index_path(const std::filesystem::path& directory);

  const std::filesystem::path& directory() const { return directory_; }
  const std::vector<Entry>& entries() const { return entries_; }
  const Entry& active() const;
  /// Whether the private file of this entry is there; a retired key has none. Does not read it.
  bool has_private(const Entry& entry) const;
  /// Names of files that an interrupted change left; the next `rotate` removes them.
  const std::vector<std::string>& leftovers() const { return leftovers_; }
  /// Public keys of all states: what a JWKS publishes. The active one first.
  jose::KeySet public_keys() const;
  /// Loads the private key that signs now, even when the ring was rotated after it was opened. To
  /// keep the key for longer use ActiveKey: it must be loaded again soon after `index_path`
  /// changes.
  Result<jose::SigningKey> active_key() const;

  /// Adds a key as next: it signs once it has been published long enough. Errc::exists when there
  /// is a next key already. The kid becomes the thumbprint.
  Result<void> add(const jose::SigningKey& key, Instant now);
  /// Takes the steps that are due. Safe to call at any time and from several machines. `force`
  /// makes the next key now instead of at the end of the period; it shortens no waiting time.
  Result<RotateReport> rotate(const Rotation& rotation, Instant now, bool force = false);
  /// Removes a key at once, as after a leak: it neither signs nor is published any more. If it was
  /// the active key, the next key, or a new one of the same kind, signs at once.
  Result<RetireReport> retire(std::string_view kid, Instant now);

 private:
  Ring(std::filesystem::path directory, std::vector<Entry> entries,
       std::vector<std::string> leftovers)
      : directory_(std::move(directory)),
        entries_(std::move(entries)),
        leftovers_(std::move(leftovers)) {}
  std::filesystem::path directory_;
  std::vector<Entry> entries_;
  std::vector<std::string> leftovers_;
};

}  // namespace mcpauth::keys
