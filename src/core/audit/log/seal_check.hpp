#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/line.hpp"
#include "core/audit/log/tree_file.hpp"

namespace mcpauth::audit {

/// What one record of a log is worth by itself.
enum class Mark {
  sealed,    ///< it is the record that was signed at its place
  redacted,  ///< the same, and some of its fields were taken out: only `verify` can say by whom
  unsealed,  ///< no checkpoint covers it yet
  changed,   ///< another record was signed at its place
  unknown,   ///< there is no checkpoint of a known key, or no tree that fits it
};

std::string_view name(Mark mark);

/// Marks records as they are read, each by its own path through FILE.tree to the signed root: a few
/// dozen hashes a record and no pass over the log. Takes a newer checkpoint once one is needed.
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
