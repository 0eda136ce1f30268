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

/// What can be said of a log, the worst last.
enum class Verdict {
  ok,              ///< every record is as it was signed
  unsealed_tail,   ///< the same, and behind the last checkpoint are records that nobody signed
  torn_last_line,  ///< the same, and the last line is incomplete: a writer died there
  unverifiable,    ///< there is no checkpoint, or no key that is known signed it
  truncated,       ///< records that were signed are not there
  rolled_back,     ///< the log is older than one that was seen before, or another one
  tampered,        ///< a record is not the one that was signed
};

/// "ok", "unsealed-tail", "torn-last-line", ...
std::string_view name(Verdict verdict);

/// A checkpoint that was kept elsewhere.
struct Seen {
  std::string name;  ///< what messages call it: its file
  Checkpoint checkpoint;
};

struct VerifyOptions {
  std::filesystem::path log;  ///< the active file: its checkpoint and tree
  /// FILE.checkpoint as it was before the segments were listed: of a live log a later one would
  /// cover more than was looked at. Read now where it is not given.
  std::optional<Result<std::string>> checkpoint = {};
  std::vector<NoteVerifier> verifiers = {};
  std::vector<Seen> seen = {};
  std::uint64_t first = 0;  ///< earlier records may be missing
  unsigned threads = 1;
  std::function<void(std::uint64_t bytes)> progress = {};
};

struct SegmentReport {
  std::filesystem::path file;
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  Verdict verdict = Verdict::ok;
  std::optional<Place> place = {};  ///< of what the verdict is about
};

struct VerifyReport {
  Verdict verdict = Verdict::ok;
  std::string why;  ///< one sentence; empty for ok
  std::vector<SegmentReport> segments;
  std::optional<Place> place = {};        ///< of the verdict, where it has one
  std::uint64_t records = 0;              ///< those that are there and in order
  std::uint64_t first = 0;                ///< `seq` of the first of them
  std::optional<Checkpoint> sealed = {};  ///< the log's checkpoint, if its signature is good
  std::string signed_by = {};             ///< the vkey that verified it
  std::uint64_t unsealed = 0;             ///< records behind it
  std::uint64_t torn_bytes = 0;
  std::uint64_t redacted = 0;
  std::vector<Pending> pending = {};  ///< intents without an outcome, by `seq`
};

/// Judges a log by its checkpoint, by what was seen before, and by itself. Reads the whole of it.
Result<VerifyReport> verify(std::span<const Segment> segments, const VerifyOptions& options);

}  // namespace mcpauth::audit
