#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/audit/log/segments.hpp"
#include "core/audit/query/follow.hpp"
#include "core/audit/query/growing_file.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// A log as it was when its segments were looked at.
struct Log {
  std::filesystem::path file;  ///< the active one, which may not be there
  std::vector<audit::Segment> segments;
};

/// A byte of a log, at which a line starts.
struct Place {
  std::size_t segment = 0;
  std::uint64_t offset = 0;
};

/// Where in each log the last `count` lines of all begin, of which `wanted` is true; with 0 where
/// their whole lines end. The logs are read from their ends and no further back than is needed.
Result<std::vector<Place>> last_lines(std::span<const Log> logs, std::size_t count,
                                      const std::function<bool(std::string_view)>& wanted);

/// One line of a history. The views are good until the next one is asked for.
struct PastLine {
  std::size_t log = 0;
  std::string_view text;
  const std::filesystem::path* file = nullptr;
  std::uint64_t offset = 0;
  bool is_whole = true;  ///< the end of a file may be a half line
};

/// The lines that logs had when they were looked at, by their `ts`, and at the same one by the
/// order of the logs. Lines of one log never change their order, and a line without `ts` comes at
/// once.
class History {
 public:
  /// From one place in each log. `logs` must outlive it.
  static Result<History> open(std::span<const Log> logs, std::span<const Place> from);

  Result<std::optional<PastLine>> next();
  /// At the end: from where to follow each log; nothing for one without a file. A half line is in
  /// front of that place only where it cannot become whole any more.
  const std::vector<std::optional<Since>>& ends() const { return ends_; }

 private:
  struct Cursor {
    const Log* log = nullptr;
    std::size_t segment = 0;
    std::optional<GrowingFile> file = {};
    bool gave_half = false;
    std::optional<PastLine> head = {};
    std::optional<Instant> ts = {};
  };
  explicit History(std::span<const Log> logs);
  Result<void> advance(std::size_t log);
  Result<bool> step(std::size_t log);

  std::vector<Cursor> cursors_;
  std::vector<std::optional<Since>> ends_;
  std::optional<std::size_t> given_;  ///< the log of the line that was given last
};

/// This segment of a log, also when it was renamed since it was looked at.
Result<LogFile> open_segment(const Log& log, const audit::Segment& segment);

}  // namespace mcpauth::audit::query
