#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/tree_file.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// Where a log ends, as its next writer needs it.
struct LogEnd {
  CompactRange range;              ///< of all records
  Checkpoint sealed;               ///< the last that was signed; size 0 and no origin for a new log
  bool is_new = false;             ///< there was nothing yet
  bool all_signed = true;          ///< each verifier knows a signature of that checkpoint
  std::uint64_t active_first = 0;  ///< `seq` of the first record of the active file
  std::uint64_t active_bytes = 0;  ///< its length, whole lines only
  std::uint64_t adopted_from = 0;  ///< records from here to the end had no checkpoint
  std::uint64_t torn_bytes = 0;    ///< what was cut off behind the last whole line
};

/// Finds the end of a log that nobody else writes, and brings `tree` up to it. Reads only what came
/// after the last checkpoint, and of the tree a few nodes; where the tree is lost or damaged, the
/// whole log. A line that a crash cut in the middle was never acknowledged and is cut off.
///
/// An error where the log does not continue what was signed (records or the checkpoint are gone,
/// lines are not records, the checkpoint is not signed by one of `verifiers`): to write on would
/// put a good signature on it. Errors have the reason kAuditUnavailable.
Result<LogEnd> recover(const std::filesystem::path& file, TreeFile& tree,
                       std::span<const NoteVerifier> verifiers);

}  // namespace mcpauth::audit
