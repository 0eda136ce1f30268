#include "core/audit/log/scan_chunk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/audit/log/leaf.hpp"
#include "core/audit/log/record_form.hpp"

namespace mcpauth::audit {
namespace {

std::string_view unquoted(std::string_view raw) {
  return raw.size() >= 2 && raw.front() == '"' ? raw.substr(1, raw.size() - 2) : std::string_view();
}

}  // namespace

Result<void> ChunkScanner::open(std::size_t segment) {
  if (opened_ == segment) return {};
  opened_.reset();
  file_ = segments_[segment].file;
  if (!file_) {
    const int fd = ::open(segments_[segment].path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
      Error error = unreadable(segments_[segment].path, errno);
      error.code = Errc::io;
      return error;
    }
    file_ = std::make_shared<const OpenFile>(fd);
  }
  opened_ = segment;
  return {};
}

/// Reads bytes of the file and appends them to the buffer; fewer if the file ends earlier.
Result<void> ChunkScanner::load(std::uint64_t from, std::uint64_t bytes) {
  const std::size_t keep = buffer_.size();
  buffer_.resize(keep + bytes);
  std::size_t used = keep;
  while (used < buffer_.size()) {
    const ssize_t got = ::pread(file_->fd(), buffer_.data() + used, buffer_.size() - used,
                                static_cast<off_t>(from + used - keep));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(segments_[*opened_].path, errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  buffer_.resize(used);
  return {};
}

/// Loads a chunk into the buffer. Where its first line starts in the buffer, or nothing when all of
/// the chunk is the middle of one long line.
Result<std::optional<std::size_t>> ChunkScanner::load_chunk(const Chunk& chunk) {
  // From one byte earlier: if that byte is a newline, a line starts at the chunk's first byte.
  buffer_at_ = chunk.from == 0 ? 0 : chunk.from - 1;
  buffer_.clear();
  TRY_VOID(load(buffer_at_, chunk.to - buffer_at_));
  if (chunk.from == 0) return std::optional<std::size_t>(0);
  const std::size_t newline = buffer_.find('\n');
  if (newline == std::string::npos) return std::optional<std::size_t>();
  return std::optional(newline + 1);
}

/// The newline of the line that starts at `start`, or npos. The last line of a chunk may end after
/// the chunk; of that, at most a line's length is read.
Result<std::size_t> ChunkScanner::end_of_line(std::size_t start, std::uint64_t limit) {
  const std::size_t newline = buffer_.find('\n', start);
  const std::size_t loaded = buffer_.size();
  const std::uint64_t at = buffer_at_ + loaded;
  if (newline != std::string::npos || at >= limit) return newline;
  TRY_VOID(load(at, std::min<std::uint64_t>(limit - at, kMaxLine + 1)));
  return buffer_.find('\n', loaded);
}

/// A line at `byte` that has no newline: torn at the end of the log, a problem anywhere else.
void ChunkScanner::end_without_newline(std::uint64_t byte, std::uint64_t limit,
                                       ChunkScan& result) const {
  const std::size_t segment = result.chunk.segment;
  const bool at_end_of_file = buffer_at_ + buffer_.size() >= limit;
  if (at_end_of_file && segment + 1 == segments_.size()) {
    result.torn_bytes = limit - byte;
    return;
  }
  result.problem = {.place = {segment, result.lines, byte, {}},
                    .what = at_end_of_file ? "the last line of a closed segment is incomplete"
                                           : "the line is too long for a record"};
}

Result<ChunkScan> ChunkScanner::scan(const Chunk& chunk) {
  ChunkScan result;
  result.chunk = chunk;
  TRY_VOID(open(chunk.segment));
  TRY(const auto first_line, load_chunk(chunk));
  if (!first_line) return result;
  next_size_ = sizes_.end();
  const std::uint64_t limit = segments_[chunk.segment].bytes;
  for (std::size_t at = *first_line; buffer_at_ + at < chunk.to;) {
    const std::uint64_t byte = buffer_at_ + at;
    TRY(const std::size_t newline, end_of_line(at, limit));
    if (newline == std::string::npos) {
      end_without_newline(byte, limit, result);
      return result;
    }
    const auto line = std::string_view(buffer_).substr(at, newline - at);
    if (!add_line(line, byte, result)) return result;
    ++result.lines;
    at = newline + 1;
  }
  return result;
}

/// False if the line is not the record that belongs there.
bool ChunkScanner::add_line(std::string_view line, std::uint64_t byte, ChunkScan& result) {
  const auto record = LineView::of(line);
  const Place place{result.chunk.segment, result.lines, byte, {}};
  if (result.lines == 0) result.first_byte = byte;
  if (!record || !is_sound(*record)) {
    result.problem = {.place = place, .what = "the line is not a record"};
    return false;
  }
  const std::uint64_t seq = record->seq();
  if (!result.first_seq) {
    result.first_seq = seq;
    result.ranges.emplace_back(seq);
    next_size_ = sizes_.upper_bound(seq);
  }
  const std::uint64_t expected = result.ranges.back().end();
  if (seq != expected) {
    result.problem = out_of_order(place, seq, expected);
    return false;
  }
  add_leaf(*record, place, result);
  add_effect(*record, result);
  return true;
}

void ChunkScanner::add_leaf(const LineView& record, const Place& place, ChunkScan& result) {
  const std::uint64_t seq = record.seq();
  Hash leaf = hasher_.leaf(record.line());
  if (const auto original = record.redacted().empty() ? std::nullopt : original_leaf(record)) {
    result.redacted.push_back(
        {.place = {place.segment, place.line, place.byte, seq}, .line = leaf});
    leaf = *original;
  }
  result.ranges.back().append_leaf(leaf, hasher_);
  if (next_size_ != sizes_.end() && seq + 1 == *next_size_) {
    result.ranges.emplace_back(seq + 1);
    ++next_size_;
  }
}

/// Notes intents and outcomes, to find the intents without an outcome, and announced redactions.
void ChunkScanner::add_effect(const LineView& record, ChunkScan& result) {
  std::string id(unquoted(record.raw(Field::id)));
  if (record.is_intent()) {
    result.intents.insert_or_assign(std::move(id), Pending{.seq = record.seq(),
                                                           .ts = record.text(Field::ts),
                                                           .event = record.text(Field::event)});
    return;
  }
  if (unquoted(record.raw(Field::event)) == kRedactEvent) {
    if (auto announcement = parse_announcement(unquoted(record.raw(Field::jti)))) {
      result.announced.emplace_back(record.seq(), *std::move(announcement));
    }
  }
  if (id.empty()) return;
  if (result.intents.erase(id) == 0) result.outcomes.push_back(std::move(id));
}

}  // namespace mcpauth::audit
