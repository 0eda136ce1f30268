#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/scan.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// The result of a verification. Later values are worse.
enum class Verdict {
  ok,              ///< every record is as it was signed
  unsealed_tail,   ///< the same, but there are unsigned records after the last checkpoint
  torn_last_line,  ///< the same, but the last line is incomplete: its writer died
  unverifiable,    ///< there is no checkpoint, or no known key signed it
  truncated,       ///< signed records are missing
  rolled_back,     ///< the log does not continue a checkpoint that was kept
  tampered,        ///< a record is not the one that was signed
};

/// "ok", "unsealed-tail", "torn-last-line", ...
std::string_view name(Verdict verdict);

/// A checkpoint that was kept elsewhere. The log must continue it.
struct KeptCheckpoint {
  std::string name;  ///< for messages: its file
  Checkpoint checkpoint;
};

struct VerifyOptions {
  std::filesystem::path log;  ///< the active file: its checkpoint and tree
  /// FILE.checkpoint as it was before the segments were listed. A checkpoint that a live writer
  /// signs later would cover records that are not in the listing. If not given, it is read now.
  std::optional<Result<std::string>> checkpoint = {};
  std::vector<NoteVerifier> verifiers = {};
  std::vector<KeptCheckpoint> kept = {};
  std::uint64_t first = 0;  ///< records before this `seq` may be missing
  unsigned threads = 1;
  std::function<void(std::uint64_t bytes)> progress = {};
};

struct SegmentReport {
  std::filesystem::path file;
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  Verdict verdict = Verdict::ok;
  std::optional<Place> place = {};  ///< what the verdict is about
};

struct VerifyReport {
  Verdict verdict = Verdict::ok;
  std::string why;  ///< one sentence; empty for ok
  std::vector<SegmentReport> segments;
  std::optional<Place> place = {};        ///< what the verdict is about, if it is one line
  std::uint64_t records = 0;              ///< that are present and in order
  std::uint64_t first = 0;                ///< `seq` of the first of them
  std::optional<Checkpoint> sealed = {};  ///< the log's checkpoint, if its signature is good
  std::string signed_by = {};             ///< the vkey that verified it
  std::uint64_t unsealed = 0;             ///< records after it
  std::uint64_t torn_bytes = 0;
  std::uint64_t redacted = 0;
  std::vector<Pending> pending = {};  ///< intents without an outcome, by `seq`
};

/// Verifies a log against its own checkpoint and against `kept`. Reads all of it.
Result<VerifyReport> verify(std::span<const Segment> segments, const VerifyOptions& options);

}  // namespace mcpauth::audit
