#include "core/audit/query/follow.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "core/audit/log/line.hpp"
#include "core/audit/log/seek.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit::query {
namespace {

namespace fs = std::filesystem;

/// Files may be renamed while we look for them, so a few failures in a row are tolerated.
constexpr unsigned kMaxFailures = 20;

struct NamedFile {
  FileId id;
  bool is_empty = true;
};

/// The file that has this name now.
std::optional<NamedFile> named(const fs::path& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return NamedFile{{info.st_dev, info.st_ino}, info.st_size == 0};
}

/// Opens the first segment whose first `seq` is wanted, at byte `from`. Nothing if there is none.
template <class Wanted>
Result<std::optional<GrowingFile>> open_segment(const fs::path& log, std::uint64_t from,
                                                const Wanted& wanted) {
  TRY(const auto segments, audit::find_live_segments(log));
  const auto found = std::ranges::find_if(segments, wanted, &audit::Segment::first_seq);
  if (found == segments.end()) return std::optional<GrowingFile>();
  TRY(auto file, LogFile::open(found->path));
  if (file.first_seq() != found->first_seq) {
    return Error{.code = Errc::io,
                 .message = text::format("`{}` is renamed again and again", log.string())};
  }
  return std::optional(GrowingFile(std::move(file), from));
}

}  // namespace

Result<std::optional<LogEvent>> Follower::next() {
  while (true) {
    if (!current_) {
      TRY(const bool found, find_start());
      if (!found && !std::exchange(reported_waiting_, true) && !named(name_)) {
        return std::optional(event(LogEvent::Kind::waiting));
      }
      if (!found) return std::optional<LogEvent>();
    }
    TRY(const auto line, current_->next());
    if (line) {
      if (const auto seq = audit::seq_of(*line)) last_seq_ = seq;
      return std::optional(event(LogEvent::Kind::line, *line));
    }
    if (current_->was_truncated()) {
      current_->start_over();
      return std::optional(event(LogEvent::Kind::truncated));
    }
    if (!after_) {
      TRY(const bool found, find_next());
      if (!found) return std::optional<LogEvent>();
      continue;  // lines may have been added before the next file was created
    }
    if (!current_->unfinished().empty() && !std::exchange(returned_unfinished_, true)) {
      auto last = event(LogEvent::Kind::unfinished, current_->unfinished());
      last.offset = current_->unfinished_offset();
      return std::optional(last);
    }
    current_ = std::exchange(after_, std::nullopt);
    returned_unfinished_ = false;
    return std::optional(event(LogEvent::Kind::moved_on));
  }
}

LogEvent Follower::event(LogEvent::Kind kind, std::string_view text) const {
  return {.kind = kind,
          .text = text,
          .file = current_ ? &current_->file().path() : &name_,
          .offset = current_ ? current_->offset() : 0};
}

Result<bool> Follower::failed(Error error) {
  if (++failures_ > kMaxFailures) return error;
  return false;
}

Result<bool> Follower::find_start() {
  if (!named(name_) && !(start_ && start_->first_seq)) return false;
  auto file = start_ && !start_->first_seq ? open_unnumbered() : open_numbered();
  if (!file) return failed(std::move(file).error());
  failures_ = 0;
  current_ = std::move(*file);
  // The segment was removed: this is another log now, or one that lost its first records.
  if (!current_) start_.reset();
  return current_.has_value();
}

Result<std::optional<GrowingFile>> Follower::open_numbered() const {
  const auto wanted = [this](std::optional<std::uint64_t> first) {
    return !start_ || first == start_->first_seq;
  };
  return open_segment(name_, start_ ? start_->offset : 0, wanted);
}

/// A file that had no record when it was listed is only known by its name.
Result<std::optional<GrowingFile>> Follower::open_unnumbered() const {
  if (!named(name_)) return std::optional<GrowingFile>();
  TRY(auto file, LogFile::open(name_));
  return std::optional(GrowingFile(std::move(file), start_->offset));
}

Result<bool> Follower::find_next() {
  const auto name = named(name_);
  if (!name || name->id == current_->file().id()) return false;
  const auto own = current_->file().first_seq();
  const auto later = [own](std::optional<std::uint64_t> first) { return own && first > own; };
  auto file = open_segment(name_, 0, later);
  if (!file) return failed(std::move(file).error());
  after_ = std::move(*file);
  // A new log with this name. Wait until it is not empty, so that late lines in the old file are
  // not missed.
  if (!after_ && !name->is_empty) {
    auto other = LogFile::open(name_);
    if (!other) return failed(std::move(other).error());
    // The same segment in a new file: `audit redact` replaced it. Skip the records that were
    // returned.
    std::uint64_t from = 0;
    if (last_seq_ && other->first_seq() == own) {
      TRY(from, audit::offset_of_seq({.path = name_, .first_seq = own, .bytes = other->size()},
                                     *last_seq_ + 1));
    }
    after_ = GrowingFile(std::move(*other), from);
  }
  failures_ = 0;
  return after_.has_value();
}

}  // namespace mcpauth::audit::query
