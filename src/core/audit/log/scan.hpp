#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/audit/log/announcement.hpp"
#include "core/audit/log/merkle.hpp"
#include "core/audit/log/segments.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// A line of a log. Lines count from 1, bytes from 0.
struct Place {
  std::size_t segment = 0;
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
  std::optional<std::uint64_t> seq = {};  ///< of the record that belongs there
};

/// What is wrong with the line at a place.
struct Problem {
  Place place;
  std::string what;
};

/// The same words for every caller that finds it.
Problem out_of_order(const Place& place, std::uint64_t found, std::uint64_t expected);
Problem gap_before(const Place& place, std::uint64_t found, std::uint64_t expected);

/// An intent without an outcome.
struct Pending {
  std::uint64_t seq = 0;
  std::string ts;
  std::string event;
};

/// A redacted record.
struct Redacted {
  Place place;
  Hash line = {};  ///< leaf hash of the line as it is now
};

/// What one pass over a log found.
struct Scan {
  CompactRange range;                   ///< of the records up to the first problem
  std::map<std::uint64_t, Hash> roots;  ///< by size, for each wanted size that was reached
  std::optional<Problem> problem;       ///< the first; nothing after it was checked
  /// The first file before which records are missing. The rest of the log was checked by its own
  /// `seq`, and has no roots.
  std::optional<Problem> gap;
  std::uint64_t records = 0;
  std::vector<std::uint64_t> lines;  ///< complete lines of each segment
  std::uint64_t torn_bytes = 0;      ///< after the last newline of the last segment
  std::uint64_t redactions = 0;
  std::unordered_map<std::string, Pending> pending;  ///< by `id`
  std::vector<Redacted> redacted;
  /// From the `audit.redact` records, each with the `seq` of that record.
  std::vector<std::pair<std::uint64_t, Announcement>> announced;
};

struct ScanOptions {
  CompactRange before{};               ///< of the records before the first segment
  std::set<std::uint64_t> sizes = {};  ///< the sizes at which roots are wanted
  unsigned threads = 1;
  /// Called on the calling thread with the bytes that are done.
  std::function<void(std::uint64_t bytes)> progress = {};
};

/// Hashes every record of the segments on `threads` threads, in bounded memory. Each segment is
/// read up to its `bytes`, so what a live log gains meanwhile is ignored.
Result<Scan> scan(std::span<const Segment> segments, const ScanOptions& options);

}  // namespace mcpauth::audit
