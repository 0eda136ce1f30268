#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/line.hpp"
#include "core/audit/log/tree_file.hpp"

namespace mcpauth::audit {

/// Whether one record of a log is the one that was signed.
enum class Mark {
  sealed,    ///< it is the record that was signed with this `seq`
  redacted,  ///< the same, but fields were removed; only `verify` can tell by whom
  unsealed,  ///< no checkpoint covers it yet
  changed,   ///< another record was signed with this `seq`
  unknown,   ///< there is no checkpoint by a known key, or no tree that fits it
};

std::string_view name(Mark mark);

/// Marks single records by their path through FILE.tree to the signed root: a few dozen hashes per
/// record, without reading the log. Reads the checkpoint again when a record is newer than it.
class SealCheck {
 public:
  SealCheck(std::filesystem::path log, std::vector<NoteVerifier> verifiers);

  Mark mark(const LineView& record);

 private:
  void read_checkpoint();

  std::filesystem::path log_;
  std::vector<NoteVerifier> verifiers_;
  std::optional<Checkpoint> sealed_;
  std::optional<TreeFile> tree_;
  TreeHasher hasher_;
};

}  // namespace mcpauth::audit
