#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/audit/log/scan.hpp"

namespace mcpauth::audit {

/// The lines of a segment that start in [from, to).
struct Chunk {
  std::size_t segment = 0;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

/// What one chunk holds, judged without knowing what comes before it. Lines count from 0 here.
struct ChunkScan {
  Chunk chunk;
  std::uint64_t lines = 0;
  std::optional<std::uint64_t> first_seq;  ///< of its first line
  std::uint64_t first_byte = 0;            ///< where that starts
  std::vector<CompactRange> ranges;        ///< one after the other; a new one at each wanted size
  std::optional<Problem> problem;
  std::uint64_t torn_bytes = 0;
  std::unordered_map<std::string, Pending> intents;  ///< without an outcome in this chunk
  std::vector<std::string> outcomes;                 ///< whose intent is not in this chunk
  std::vector<Redacted> redacted;
  std::vector<std::pair<std::uint64_t, Announcement>> announced;
};

/// Scans chunks on one thread; its memory is used again for the next.
class ChunkScanner {
 public:
  ChunkScanner(std::span<const Segment> segments, const ScanOptions& options)
      : segments_(segments), sizes_(options.sizes) {}
  ChunkScanner(const ChunkScanner&) = delete;
  ChunkScanner& operator=(const ChunkScanner&) = delete;

  Result<ChunkScan> scan(const Chunk& chunk);

 private:
  Result<void> open(std::size_t segment);
  Result<bool> load(std::uint64_t from, std::uint64_t bytes);
  Result<void> load_more(std::uint64_t limit);
  bool take(std::string_view line, std::uint64_t byte, ChunkScan& result);
  void take_phase(const class LineView& record, ChunkScan& result);

  std::span<const Segment> segments_;
  const std::set<std::uint64_t>& sizes_;
  TreeHasher hasher_;
  std::shared_ptr<const OpenFile> file_;
  std::optional<std::size_t> opened_;
  std::string buffer_;
  std::uint64_t buffer_at_ = 0;  ///< where in the file the buffer starts
  std::set<std::uint64_t>::const_iterator next_size_;
};

}  // namespace mcpauth::audit
