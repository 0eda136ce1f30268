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

/// "mcpauth keys retire KID", with what makes a KID that begins with a dash no flag.
std::string retire_command(std::string_view kid);

/// What `rotate` did, and when it has something to do again.
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

/// The key ring: a directory (0700) with one private file (0600) a key and `ring.json` that says
/// each key's state, times and public part. Changed under a lock and whole or not at all: after a
/// crash at any point the ring opens, as it was before or after. See docs/formats/keys.md.
class Ring {
 public:
  /// Makes the directory with one active key; Errc::exists where there is a ring already.
  static Result<Ring> create(const std::filesystem::path& directory, const jose::SigningKey& first,
                             Instant now);
  /// Strict: refuses what others can read, links, and a ring.json that breaks a rule. Reads no
  /// private key. Errc::not_found where there is no ring.
  static Result<Ring> open(const std::filesystem::path& directory);

  /// The file whose change means that the ring has changed.
  static std::filesystem::path index_path(const std::filesystem::path& directory);

  const std::filesystem::path& directory() const { return directory_; }
  const std::vector<Entry>& entries() const { return entries_; }
  const Entry& active() const;
  /// Whether the private file of this entry is there; a retired key has none. Does not read it.
  bool has_private(const Entry& entry) const;
  /// Names of files that a change which was cut off left behind; the next `rotate` removes them.
  const std::vector<std::string>& leftovers() const { return leftovers_; }
  /// Public keys of all states: what a JWKS publishes. The active one first.
  jose::KeySet public_keys() const;
  /// Loads the private key that signs now; when the ring was rotated since it was opened, the new
  /// one. Whoever keeps it must look again within a few seconds of a change of `index_path`.
  Result<jose::SigningKey> active_key() const;

  /// Adds a key as next: it signs once it has been published long enough. Errc::exists when there
  /// is a next key already. The kid becomes the thumbprint.
  Result<void> add(const jose::SigningKey& key, Instant now);
  /// Takes each step that is due and no other; safe to run at any time and from several places.
  /// `force` makes the next key now instead of at the end of the period; nothing waits less.
  Result<RotateReport> rotate(const Rotation& rotation, Instant now, bool force = false);
  /// Takes a key out of use at once (a leaked one): it is neither signing nor published any more.
  /// In place of an active key the next one, or a new one of the same kind, signs at once.
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
