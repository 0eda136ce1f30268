#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/audit/log/line.hpp"
#include "core/audit/log/scan.hpp"

namespace mcpauth::audit {

/// The lines of a segment that start in [from, to).
struct Chunk {
  std::size_t segment = 0;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

/// What one chunk holds, checked without knowing what comes before it. Lines count from 0 here.
struct ChunkScan {
  Chunk chunk;
  std::uint64_t lines = 0;
  std::optional<std::uint64_t> first_seq;  ///< of its first line
  std::uint64_t first_byte = 0;            ///< where that line starts
  std::vector<CompactRange> ranges;        ///< consecutive; a new one starts at each wanted size
  std::optional<Problem> problem;
  std::uint64_t torn_bytes = 0;
  std::unordered_map<std::string, Pending> intents;  ///< without an outcome in this chunk
  std::vector<std::string> outcomes;                 ///< whose intent is not in this chunk
  std::vector<Redacted> redacted;
  std::vector<std::pair<std::uint64_t, Announcement>> announced;
};

/// Scans chunks, one after the other, and reuses its memory. For one thread at a time.
class ChunkScanner {
 public:
  ChunkScanner(std::span<const Segment> segments, const ScanOptions& options)
      : segments_(segments), sizes_(options.sizes) {}
  ChunkScanner(const ChunkScanner&) = delete;
  ChunkScanner& operator=(const ChunkScanner&) = delete;

  Result<ChunkScan> scan(const Chunk& chunk);

 private:
  Result<void> open(std::size_t segment);
  Result<void> load(std::uint64_t from, std::uint64_t bytes);
  Result<std::optional<std::size_t>> load_chunk(const Chunk& chunk);
  Result<std::size_t> end_of_line(std::size_t start, std::uint64_t limit);
  bool add_line(std::string_view line, std::uint64_t byte, ChunkScan& result);
  void add_leaf(const LineView& record, const Place& place, ChunkScan& result);
  void add_effect(const LineView& record, ChunkScan& result);
  void end_without_newline(std::uint64_t byte, std::uint64_t limit, ChunkScan& result) const;

  std::span<const Segment> segments_;
  const std::set<std::uint64_t>& sizes_;
  TreeHasher hasher_;
  std::shared_ptr<const OpenFile> file_;
  std::optional<std::size_t> opened_;
  std::string buffer_;
  std::uint64_t buffer_at_ = 0;  ///< the offset in the file of the buffer's first byte
  std::set<std::uint64_t>::const_iterator next_size_;
};

}  // namespace mcpauth::audit
