#include "core/audit/query/tail.hpp"

#include <utility>

namespace mcpauth::audit::query {

Tail::Tail(std::span<const Log> logs, TailOptions options)
    : logs_(logs), options_(std::move(options)), last_seqs_(logs.size()) {}

Result<Tail> Tail::open(std::span<const Log> logs, TailOptions options) {
  Tail tail(logs, std::move(options));
  std::vector<Place> places(logs.size());
  if (const auto count = tail.options_.lines) {
    const auto& selection = tail.options_.selection;
    TRY(places, last_lines(logs, *count, [&selection](std::string_view line) {
          return selection.selects(line);
        }));
  }
  TRY(auto history, History::open(logs, places));
  tail.history_ = std::move(history);
  return tail;
}

Result<std::optional<TailEvent>> Tail::next() {
  while (true) {
    if (line_) {
      const Line line = *std::exchange(line_, std::nullopt);
      if (auto event = judge(line)) return event;
    }
    if (!followers_.empty()) return read_new();
    TRY(const bool more, read_past());
    if (!more) return std::optional<TailEvent>();
    if (auto event = gap_before(*line_)) return event;
  }
}

/// Reads the next line that the logs had at the start; false at the end.
Result<bool> Tail::read_past() {
  TRY(const auto past, history_->next());
  if (!past) return false;
  line_ = {.log = past->log, .text = past->text, .file = past->file, .offset = past->offset};
  return true;
}

void Tail::follow() {
  for (std::size_t i = 0; i < logs_.size(); ++i)
    followers_.emplace_back(logs_[i].file, history_->ends()[i]);
}

/// Asks each follower until it has nothing new, one after the other.
Result<std::optional<TailEvent>> Tail::read_new() {
  for (; turn_ < followers_.size(); ++turn_) {
    while (true) {
      TRY(const auto news, followers_[turn_].next());
      if (!news) break;
      if (auto event = event_of(*news)) return event;
    }
  }
  turn_ = 0;
  return std::optional<TailEvent>();
}

std::optional<TailEvent> Tail::event_of(const LogEvent& event) {
  switch (event.kind) {
    case LogEvent::Kind::line:
    case LogEvent::Kind::unfinished: {
      waiting_ = false;
      const Line line{.log = turn_, .text = event.text, .file = event.file, .offset = event.offset};
      if (auto gap = gap_before(line)) {
        line_ = line;
        return gap;
      }
      return judge(line);
    }
    case LogEvent::Kind::truncated:
      missed_ = true;
      return TailEvent{.kind = TailEvent::Kind::truncated, .file = event.file};
    case LogEvent::Kind::moved_on:
      return TailEvent{.kind = TailEvent::Kind::moved_on, .file = event.file};
    case LogEvent::Kind::waiting:
      waiting_ = true;
      return TailEvent{.kind = TailEvent::Kind::waiting, .file = event.file};
  }
  return std::nullopt;
}

/// A record that is missing could have been anything.
std::optional<TailEvent> Tail::gap_before(const Line& line) {
  const auto seq = audit::seq_of(line.text);
  if (!seq) return std::nullopt;
  const auto last = std::exchange(last_seqs_[line.log], seq);
  if (!last || *seq <= *last + 1) return std::nullopt;
  missed_ = true;
  return TailEvent{.kind = TailEvent::Kind::missing,
                   .file = line.file,
                   .offset = line.offset,
                   .first_missing = *last + 1,
                   .last_missing = *seq - 1};
}

std::optional<TailEvent> Tail::judge(const Line& line) {
  if (!options_.selection.could_select(line.text)) return std::nullopt;
  TailEvent event{.kind = TailEvent::Kind::record, .file = line.file, .offset = line.offset};
  event.record = audit::LineView::of(line.text);
  if (!event.record) {
    missed_ = true;
    event.kind = TailEvent::Kind::not_a_record;
    return event;
  }
  if (!options_.selection.selects(*event.record)) return std::nullopt;
  if (!options_.checks.empty()) event.mark = options_.checks[line.log].mark(*event.record);
  saw_change_ = saw_change_ || event.mark == audit::Mark::changed;
  found_ = options_.exit_on && options_.exit_on->matches(*event.record);
  return event;
}

std::vector<std::filesystem::path> Tail::unfinished() const {
  std::vector<std::filesystem::path> files;
  const auto& ends = history_->ends();
  for (std::size_t i = 0; i < logs_.size(); ++i) {
    if (!ends[i] || ends[i]->offset >= logs_[i].segments.back().bytes) continue;
    files.push_back(logs_[i].segments.back().path);
  }
  return files;
}

bool Tail::saw_all() const {
  return !missed_ && !waiting_ && (!followers_.empty() || unfinished().empty());
}

}  // namespace mcpauth::audit::query
