#include "core/audit/log/scan_chunk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/audit/log/leaf.hpp"
#include "core/audit/log/line.hpp"
#include "core/audit/log/record_form.hpp"

namespace mcpauth::audit {
namespace {

Error unreadable(const Segment& segment, int error) {
  return Error{.code = Errc::io,
               .message = "cannot read `" + segment.path.string() + "`: " + std::strerror(error)};
}

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
    if (fd < 0) return unreadable(segments_[segment], errno);
    file_ = std::make_shared<const OpenFile>(fd);
  }
  opened_ = segment;
  return {};
}

/// Fills the buffer with bytes of the file, behind `keep` bytes that are in it. False: the file
/// ended earlier, so somebody cut it meanwhile.
Result<bool> ChunkScanner::load(std::uint64_t from, std::uint64_t bytes) {
  const std::size_t keep = buffer_.size();
  buffer_.resize(keep + bytes);
  std::size_t used = keep;
  while (used < buffer_.size()) {
    const ssize_t got = ::pread(file_->fd(), buffer_.data() + used, buffer_.size() - used,
                                static_cast<off_t>(from + used - keep));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(segments_[*opened_], errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  const bool whole = used == buffer_.size();
  buffer_.resize(used);
  return whole;
}

/// Reads what a last line has behind the end of the chunk, a line's length at most.
Result<void> ChunkScanner::load_more(std::uint64_t limit) {
  const std::uint64_t at = buffer_at_ + buffer_.size();
  TRY_VOID(load(at, std::min<std::uint64_t>(limit - std::min(limit, at), kMaxLine + 1)));
  return {};
}

Result<ChunkScan> ChunkScanner::scan(const Chunk& chunk) {
  ChunkScan result;
  result.chunk = chunk;
  TRY_VOID(open(chunk.segment));
  const std::uint64_t limit = segments_[chunk.segment].bytes;
  // One byte earlier: whether a line starts with the chunk is seen from the byte before it.
  buffer_at_ = chunk.from == 0 ? 0 : chunk.from - 1;
  buffer_.clear();
  TRY_VOID(load(buffer_at_, chunk.to - buffer_at_));
  std::size_t at = 0;
  if (chunk.from != 0) {
    const std::size_t newline = buffer_.find('\n');
    if (newline == std::string::npos) return result;  // the middle of one long line
    at = newline + 1;
  }
  next_size_ = sizes_.end();
  while (buffer_at_ + at < chunk.to) {
    std::size_t newline = buffer_.find('\n', at);
    if (newline == std::string::npos && buffer_at_ + buffer_.size() < limit) {
      const std::size_t looked = buffer_.size();
      TRY_VOID(load_more(limit));
      newline = buffer_.find('\n', looked);
    }
    const std::uint64_t byte = buffer_at_ + at;
    if (newline == std::string::npos) {
      const bool is_torn = buffer_at_ + buffer_.size() >= limit;
      if (is_torn && chunk.segment + 1 == segments_.size()) {
        result.torn_bytes = limit - byte;
      } else {
        result.problem = {.place = {chunk.segment, result.lines, byte, {}},
                          .what = is_torn ? "the last line of a closed segment is incomplete"
                                          : "the line is too long for a record"};
      }
      return result;
    }
    const auto line = std::string_view(buffer_).substr(at, newline - at);
    if (!take(line, byte, result)) return result;
    ++result.lines;
    at = newline + 1;
  }
  return result;
}

/// False at a line that is not the record that belongs there.
bool ChunkScanner::take(std::string_view line, std::uint64_t byte, ChunkScan& result) {
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
  Hash leaf{};
  const auto original = record->redacted().empty() ? std::nullopt : original_leaf(*record);
  if (original) {
    leaf = *original;
    result.redacted.push_back(
        {.place = {place.segment, place.line, byte, seq}, .line = hasher_.leaf(line)});
  } else {
    leaf = hasher_.leaf(line);
  }
  result.ranges.back().append_leaf(leaf, hasher_);
  if (next_size_ != sizes_.end() && seq + 1 == *next_size_) {
    result.ranges.emplace_back(seq + 1);
    ++next_size_;
  }
  take_phase(*record, result);
  return true;
}

void ChunkScanner::take_phase(const LineView& record, ChunkScan& result) {
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
