#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/audit/log/merkle.hpp"
#include "core/audit/log/note.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// The state of a log at one size (c2sp.org/tlog-checkpoint). It is the text of a signed note.
struct Checkpoint {
  std::string origin;      ///< the name of the log
  std::uint64_t size = 0;  ///< how many records it covers
  Hash root = {};

  bool operator==(const Checkpoint&) const = default;
};

std::string to_text(const Checkpoint& checkpoint);
/// Strict. Extension lines after the root are accepted and ignored. Errc::input.
Result<Checkpoint> parse_checkpoint(std::string_view text);

/// A checkpoint and the signed note that holds it.
struct SignedCheckpoint {
  std::string text;  ///< the note, byte for byte
  Note note;
  Checkpoint checkpoint;
};

/// Does not verify the signatures: see `judge`. Errc::input.
Result<SignedCheckpoint> parse_signed_checkpoint(std::string text);
/// The same from a file (read_beside).
Result<SignedCheckpoint> read_signed_checkpoint(const std::filesystem::path& path);

/// A proof that one record is in a log (c2sp.org/tlog-proof). It needs only the verifier key to be
/// verified: its member `extra` is the record.
struct Proof {
  std::string record;  ///< without its newline
  std::uint64_t index = 0;
  std::vector<Hash> path;
  std::string checkpoint;  ///< the signed note, byte for byte
};

std::string to_text(const Proof& proof);
/// Strict, at most 1 MiB and 64 hashes. Errc::input.
Result<Proof> parse_proof(std::string_view text);

/// A proof that the log of `checkpoint` begins with the first `from` records of an older
/// checkpoint: "old N", the hashes, a blank line and the newer signed note, as in
/// c2sp.org/tlog-witness.
struct Continuation {
  std::uint64_t from = 0;
  std::vector<Hash> path;
  std::string checkpoint;
};

std::string to_text(const Continuation& continuation);
/// As strict as parse_proof.
Result<Continuation> parse_continuation(std::string_view text);
/// Whether a text begins like a Continuation; otherwise it may be a Proof.
bool is_continuation(std::string_view text);

std::string to_base64(const Hash& hash);
std::optional<Hash> hash_from_base64(std::string_view text);

}  // namespace mcpauth::audit
