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

/// A place in a log. Lines count from 1.
struct Place {
  std::size_t segment = 0;
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
  std::optional<std::uint64_t> seq = {};  ///< that the record there should have
};

/// A line that cannot stand where it stands.
struct Problem {
  Place place;
  std::string what;
};

/// In the words of all who find it.
Problem out_of_order(const Place& place, std::uint64_t found, std::uint64_t expected);
Problem gap_before(const Place& place, std::uint64_t found, std::uint64_t expected);

/// An intent that no outcome followed.
struct Pending {
  std::uint64_t seq = 0;
  std::string ts;
  std::string event;
};

/// A redacted record, and the hash of the line as it is now.
struct Redacted {
  Place place;
  Hash line = {};
};

/// What one pass over a log found.
struct Scan {
  CompactRange range;                   ///< of the records up to the first problem
  std::map<std::uint64_t, Hash> roots;  ///< at each size that was asked for and reached
  std::optional<Problem> problem;       ///< the first; nothing behind it was judged
  /// The first file that begins behind a gap. What follows was judged by its own numbers, and there
  /// are no roots.
  std::optional<Problem> gap;
  std::uint64_t records = 0;
  std::vector<std::uint64_t> lines;  ///< whole lines of each segment
  std::uint64_t torn_bytes = 0;      ///< behind the last newline of the last segment
  std::uint64_t redactions = 0;
  std::unordered_map<std::string, Pending> pending;  ///< by `id`
  std::vector<Redacted> redacted;
  std::vector<std::pair<std::uint64_t, Announcement>>
      announced;  ///< by `audit.redact` records: seq, hash
};

struct ScanOptions {
  CompactRange before{};               ///< of the records that are not in the segments
  std::set<std::uint64_t> sizes = {};  ///< at which roots are wanted
  unsigned threads = 1;
  std::function<void(std::uint64_t bytes)> progress = {};  ///< how far it is, from this thread
};

/// Hashes every record of the segments on all threads, in memory that does not grow with them. Each
/// segment is read as far as `bytes`: what a live log gains meanwhile is not looked at.
Result<Scan> scan(std::span<const Segment> segments, const ScanOptions& options);

}  // namespace mcpauth::audit
