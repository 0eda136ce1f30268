#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/tree_file.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// The end of a log, where the next writer continues.
struct LogEnd {
  CompactRange range;              ///< of all records
  Checkpoint sealed;               ///< the last checkpoint; size 0 and no origin for a new log
  bool is_new = false;             ///< there was no log yet
  bool all_signed = true;          ///< that checkpoint has a signature by each verifier's key
  std::uint64_t active_first = 0;  ///< `seq` of the first record of the active file
  std::uint64_t active_bytes = 0;  ///< its length, complete lines only
  std::uint64_t adopted_from = 0;  ///< records from this `seq` to the end had no checkpoint
  std::uint64_t torn_bytes = 0;    ///< how much was cut off after the last complete line
};

/// Finds the end of a log and extends `tree` to it. The caller holds the log's lock. Reads only
/// what came after the last checkpoint and a few nodes of the tree; all of the log if the tree is
/// lost or damaged. A line that a crash left incomplete was never acknowledged, and is cut off.
///
/// An error if the log does not continue what was signed: records or the checkpoint are missing,
/// lines are not records, or none of `verifiers` signed the checkpoint. To continue such a log
/// would put a good signature on it. Errors have the reason kAuditUnavailable.
Result<LogEnd> recover(const std::filesystem::path& file, TreeFile& tree,
                       std::span<const NoteVerifier> verifiers);

}  // namespace mcpauth::audit
