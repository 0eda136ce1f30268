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

/// The head of a log at one size (c2sp.org/tlog-checkpoint), the text of a signed note.
struct Checkpoint {
  std::string origin;      ///< which log
  std::uint64_t size = 0;  ///< how many records it covers
  Hash root = {};

  bool operator==(const Checkpoint&) const = default;
};

std::string to_text(const Checkpoint& checkpoint);
/// Strict; extension lines behind the root are taken and have no meaning. Errc::input.
Result<Checkpoint> parse_checkpoint(std::string_view text);

/// A checkpoint with what it was signed in.
struct SignedCheckpoint {
  std::string text;  ///< all of it, as it stands
  Note note;
  Checkpoint checkpoint;
};

/// Whether the signatures are good is for `judge`. Errc::input.
Result<SignedCheckpoint> parse_signed_checkpoint(std::string text);
/// The same from a file beside a log (read_beside).
Result<SignedCheckpoint> read_signed_checkpoint(const std::filesystem::path& path);

/// A proof for one record (c2sp.org/tlog-proof): who holds the record and a verifier key needs
/// nothing else. `extra` is the record itself.
struct Proof {
  std::string record;  ///< without its newline
  std::uint64_t index = 0;
  std::vector<Hash> path;
  std::string checkpoint;  ///< the signed note, as it stands
};

std::string to_text(const Proof& proof);
/// Strict, at most 1 MiB and 64 hashes. Errc::input.
Result<Proof> parse_proof(std::string_view text);

/// That the log of `checkpoint` begins with the `from` records of an older one: "old N", the
/// hashes, a blank line and the newer signed note, as c2sp.org/tlog-witness has it.
struct Continuation {
  std::uint64_t from = 0;
  std::vector<Hash> path;
  std::string checkpoint;
};

std::string to_text(const Continuation& continuation);
/// As strict as parse_proof.
Result<Continuation> parse_continuation(std::string_view text);
/// Which of the two a text begins as.
bool is_continuation(std::string_view text);

std::string to_base64(const Hash& hash);
std::optional<Hash> hash_from_base64(std::string_view text);

}  // namespace mcpauth::audit
