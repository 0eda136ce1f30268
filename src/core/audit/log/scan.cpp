#include "core/audit/log/scan.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "core/audit/log/scan_chunk.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::uint64_t kChunk = std::uint64_t{1} << 21;

std::vector<Chunk> chunks_of(std::span<const Segment> segments) {
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    for (std::uint64_t from = 0; from < segments[i].bytes; from += kChunk) {
      chunks.push_back(
          {.segment = i, .from = from, .to = std::min(from + kChunk, segments[i].bytes)});
    }
  }
  return chunks;
}

/// Joins the results of the chunks, in the order of the log.
class Merger {
 public:
  Merger(std::span<const Segment> segments, const ScanOptions& options) : options_(options) {
    result_.range = options.before;
    result_.lines.assign(segments.size(), 0);
    note_root();
  }

  /// False after the first problem: the `seq` of the lines after it is unknown.
  bool add(ChunkScan part) {
    std::uint64_t& lines = result_.lines[part.chunk.segment];
    if (part.first_seq && *part.first_seq != result_.range.end()) {
      const std::uint64_t expected = result_.range.end();
      const Place place{part.chunk.segment, lines + 1, part.first_byte, expected};
      if (lines != 0 || *part.first_seq < expected) {
        result_.problem = out_of_order(place, *part.first_seq, expected);
        return false;
      }
      if (!result_.gap) result_.gap = gap_before(place, *part.first_seq, expected);
      result_.range = CompactRange(*part.first_seq);
    }
    for (const auto& range : part.ranges) {
      result_.range.append(range, hasher_);
      note_root();
    }
    for (auto& redacted : part.redacted) {
      redacted.place.line += lines + 1;
      result_.redacted.push_back(redacted);
    }
    std::ranges::move(part.announced, std::back_inserter(result_.announced));
    for (const auto& id : part.outcomes)
      result_.pending.erase(id);
    result_.pending.merge(part.intents);
    if (part.problem) {
      result_.problem = std::move(part.problem);
      result_.problem->place.line += lines + 1;
      result_.problem->place.seq = result_.range.end();
    }
    lines += part.lines;
    result_.records += part.lines;
    result_.torn_bytes = part.torn_bytes;
    return !result_.problem;
  }

  Scan take() { return std::move(result_); }

 private:
  void note_root() {
    if (result_.range.begin() == 0 && options_.sizes.contains(result_.range.end())) {
      result_.roots[result_.range.end()] = result_.range.root(hasher_);
    }
  }

  const ScanOptions& options_;
  TreeHasher hasher_;
  Scan result_;
};

/// Scans chunks on several threads. Each worker takes the next chunk; a result waits in a slot
/// until the results before it are merged. The number of slots bounds how far workers may run
/// ahead.
class Pool {
 public:
  Pool(std::span<const Segment> segments, const ScanOptions& options)
      : segments_(segments), options_(options), chunks_(chunks_of(segments)) {
    slots_.resize(std::size_t{4} * options.threads);
  }

  Result<Scan> run() {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < options_.threads; ++i)
      threads.emplace_back([this] { work(); });
    Merger merger(segments_, options_);
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
      auto part = take(i);
      if (!part) {
        stop();
        return std::move(part).error();
      }
      if (!merger.add(*std::move(part))) {
        stop();
        break;
      }
      bytes += chunks_[i].to - chunks_[i].from;
      if (options_.progress) options_.progress(bytes);
    }
    return merger.take();
  }

 private:
  void work() {
    ChunkScanner scanner(segments_, options_);
    while (true) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] {
        return stopped_ || next_ == chunks_.size() || next_ < merged_ + slots_.size();
      });
      if (stopped_ || next_ == chunks_.size()) return;
      const std::size_t mine = next_++;
      lock.unlock();
      auto part = scanner.scan(chunks_[mine]);
      lock.lock();
      slots_[mine % slots_.size()] = std::move(part);
      changed_.notify_all();
    }
  }

  Result<ChunkScan> take(std::size_t index) {
    std::unique_lock lock(mutex_);
    auto& slot = slots_[index % slots_.size()];
    changed_.wait(lock, [&slot] { return slot.has_value(); });
    auto part = std::move(*slot);
    slot.reset();
    ++merged_;
    changed_.notify_all();
    return part;
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

  std::span<const Segment> segments_;
  const ScanOptions& options_;
  const std::vector<Chunk> chunks_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0;
  std::size_t merged_ = 0;
  bool stopped_ = false;
  std::vector<std::optional<Result<ChunkScan>>> slots_;
};

}  // namespace

Problem out_of_order(const Place& place, std::uint64_t found, std::uint64_t expected) {
  return {.place = place,
          .what = text::format("the record's seq is {}, and {} belongs here", found, expected)};
}

Problem gap_before(const Place& place, std::uint64_t found, std::uint64_t expected) {
  const std::uint64_t last = found - 1;
  return {.place = place,
          .what = last == expected
                      ? text::format("record {} is missing before it", last)
                      : text::format("records {} to {} are missing before it", expected, last)};
}

Result<Scan> scan(std::span<const Segment> segments, const ScanOptions& options) {
  return Pool(segments, options).run();
}

}  // namespace mcpauth::audit
