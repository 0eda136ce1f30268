#include "core/audit/query/history.hpp"

#include <algorithm>
#include <utility>

#include "core/audit/query/fields.hpp"
#include "core/audit/query/lines_backward.hpp"

namespace mcpauth::audit::query {
namespace {

/// The lines of one log, from its end to its start.
class Backward {
 public:
  explicit Backward(const Log& log) : log_(&log), segment_(log.segments.size()) {}

  /// Moves to the previous line; false at the start of the log.
  Result<bool> step() {
    while (true) {
      if (!lines_) {
        if (segment_ == 0) return false;
        const auto& segment = log_->segments[--segment_];
        TRY(auto file, open_segment(*log_, segment));
        TRY(auto lines, LinesBackward::open(std::move(file), segment.bytes));
        lines_.emplace(std::move(lines));
        if (!end_) end_ = place();
      }
      TRY(const auto line, lines_->next());
      if (line) {
        text_ = *line;
        return true;
      }
      lines_.reset();
    }
  }

  std::string_view text() const { return text_; }
  Place place() const { return {segment_, lines_ ? lines_->offset() : 0}; }
  /// Where the complete lines of the log end. Call `step` first.
  Place end() const { return end_.value_or(Place{}); }

 private:
  const Log* log_;
  std::size_t segment_;
  std::optional<LinesBackward> lines_;
  std::optional<Place> end_;
  std::string_view text_;
};

/// The line of a log that is compared with those of the other logs.
struct Head {
  bool is_there = false;
  std::optional<Instant> ts = {};
};

/// The log whose line is the latest. A line without `ts` wins, as it is not delayed forward either.
std::optional<std::size_t> latest(const std::vector<Head>& heads) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (!heads[i].is_there) continue;
    if (!heads[i].ts) return i;
    if (!best || heads[i].ts >= heads[*best].ts) best = i;
  }
  return best;
}

}  // namespace

Result<std::vector<Place>> last_lines(std::span<const Log> logs, std::size_t count,
                                      const std::function<bool(std::string_view)>& wanted) {
  std::vector<Backward> lines(logs.begin(), logs.end());
  std::vector<Head> heads(logs.size());
  std::vector<Place> places(logs.size());
  const auto step = [&](std::size_t log) -> Result<void> {
    TRY(heads[log].is_there, lines[log].step());
    if (heads[log].is_there && logs.size() > 1) heads[log].ts = ts_of(lines[log].text());
    return {};
  };
  for (std::size_t log = 0; log < logs.size(); ++log) {
    TRY_VOID(step(log));
    places[log] = lines[log].end();
  }
  while (count > 0) {
    const auto log = latest(heads);
    if (!log) break;
    if (wanted(lines[*log].text())) {
      places[*log] = lines[*log].place();
      --count;
    }
    TRY_VOID(step(*log));
  }
  return places;
}

History::History(std::span<const Log> logs) {
  for (const Log& log : logs)
    cursors_.push_back({.log = &log});
  ends_.resize(logs.size());
}

Result<History> History::open(std::span<const Log> logs, std::span<const Place> from) {
  History history(logs);
  for (std::size_t i = 0; i < logs.size(); ++i) {
    auto& cursor = history.cursors_[i];
    cursor.segment = from[i].segment;
    if (cursor.segment < logs[i].segments.size()) {
      TRY(auto file, open_segment(logs[i], logs[i].segments[cursor.segment]));
      cursor.file.emplace(std::move(file), from[i].offset);
    }
    TRY_VOID(history.advance(i));
  }
  return history;
}

/// Moves to the next line of one log.
Result<void> History::advance(std::size_t log) {
  auto& cursor = cursors_[log];
  cursor.head.reset();
  while (cursor.file) {
    TRY(const bool found, step(log));
    if (found) break;
  }
  if (cursor.head) {
    cursor.head->log = log;
    cursor.ts = cursors_.size() > 1 ? ts_of(cursor.head->text) : std::nullopt;
  }
  return {};
}

/// Reads the next line of the current file. At its end, moves to the next file, after an incomplete
/// last line. False if there was no line.
Result<bool> History::step(std::size_t log) {
  auto& cursor = cursors_[log];
  const auto& segments = cursor.log->segments;
  const auto& segment = segments[cursor.segment];
  TRY(const auto line, cursor.file->next());
  if (line && cursor.file->offset() < segment.bytes) {
    cursor.head = {.text = *line, .file = &segment.path, .offset = cursor.file->offset()};
    return true;
  }
  const std::uint64_t end = line ? cursor.file->offset() : cursor.file->unfinished_offset();
  if (cursor.segment + 1 == segments.size()) {
    ends_[log] = {.first_seq = segment.first_seq, .offset = end};
    cursor.file.reset();
    return false;
  }
  if (!line && !cursor.file->unfinished().empty() && !std::exchange(cursor.returned_half, true)) {
    cursor.head = {
        .text = cursor.file->unfinished(), .file = &segment.path, .offset = end, .is_whole = false};
    return true;
  }
  cursor.returned_half = false;
  TRY(auto file, open_segment(*cursor.log, segments[++cursor.segment]));
  cursor.file.emplace(std::move(file), 0);
  return false;
}

Result<std::optional<PastLine>> History::next() {
  if (returned_) TRY_VOID(advance(*returned_));
  returned_.reset();
  for (std::size_t log = 0; log < cursors_.size(); ++log) {
    const auto& cursor = cursors_[log];
    if (!cursor.head) continue;
    if (!returned_ || cursor.ts < cursors_[*returned_].ts) returned_ = log;
  }
  if (!returned_) return std::optional<PastLine>();
  return cursors_[*returned_].head;
}

}  // namespace mcpauth::audit::query
