#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/audit/log/segments.hpp"
#include "core/audit/query/growing_file.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// What happened to a log that is followed.
struct LogEvent {
  enum class Kind {
    line,        ///< a complete line
    unfinished,  ///< a last line without a newline, in a file that was closed
    truncated,   ///< the file was truncated; it is read again from its start
    moved_on,    ///< the file was read to its end and is closed; the next lines are from `file`
    waiting,     ///< the file does not exist yet; reported once
  };
  Kind kind = Kind::line;
  std::string_view text = {};  ///< without its newline; valid until the next call
  const std::filesystem::path* file = nullptr;
  std::uint64_t offset = 0;  ///< where the line starts in `file`
};

/// Where to continue with a log: at byte `offset`, which starts a line, of the segment that begins
/// with `first_seq`. That is nothing if the segment has no record yet.
struct ResumePoint {
  std::optional<std::uint64_t> first_seq = {};
  std::uint64_t offset = 0;
};

/// Follows one log by its name as it grows: across renames (the old file is read to its end first),
/// across segments that appear and are closed meanwhile, and across truncation. It never waits; the
/// caller does, and so can stop at once. Its memory is bounded.
class Follower {
 public:
  /// Starts at `start`, or else at the first record of the log. `file` need not exist.
  explicit Follower(std::filesystem::path file, std::optional<ResumePoint> start = {})
      : name_(std::move(file)), start_(start) {}

  /// The next event, or nothing for now. An error is final.
  Result<std::optional<LogEvent>> next();

 private:
  Result<bool> find_start();
  Result<std::optional<GrowingFile>> open_numbered() const;
  Result<std::optional<GrowingFile>> open_unnumbered() const;
  Result<bool> find_next();
  Result<bool> failed(Error error);
  LogEvent event(LogEvent::Kind kind, std::string_view text = {}) const;

  std::filesystem::path name_;
  std::optional<ResumePoint> start_;
  std::optional<GrowingFile> current_;
  std::optional<GrowingFile> after_;       ///< the file to read after `current_`
  std::optional<std::uint64_t> last_seq_;  ///< of the record that was returned last
  bool reported_waiting_ = false;
  bool returned_unfinished_ = false;
  unsigned failures_ = 0;  ///< in a row
};

}  // namespace mcpauth::audit::query
