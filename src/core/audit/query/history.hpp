#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/audit/query/follow.hpp"
#include "core/audit/query/growing_file.hpp"
#include "core/audit/query/log.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// The start of a line in a log.
struct Place {
  std::size_t segment = 0;
  std::uint64_t offset = 0;
};

/// Finds the last `count` lines of all logs for which `wanted` returns true. Returns a place in
/// each log: reading all logs from there yields those lines. With 0, the place is after the last
/// complete line. Reads the logs backward, no further than needed.
Result<std::vector<Place>> last_lines(std::span<const Log> logs, std::size_t count,
                                      const std::function<bool(std::string_view)>& wanted);

/// One line of a history. The views are valid until the next call of History::next.
struct PastLine {
  std::size_t log = 0;
  std::string_view text;
  const std::filesystem::path* file = nullptr;
  std::uint64_t offset = 0;
  bool is_whole = true;  ///< false for an incomplete line at the end of a file
};

/// The lines that logs had when they were listed, merged by their `ts`. Lines with the same `ts`
/// come in the order of the logs. Lines of one log keep their order, and a line without `ts` is not
/// delayed.
class History {
 public:
  /// Starts at one place in each log. `logs` must outlive it.
  static Result<History> open(std::span<const Log> logs, std::span<const Place> from);

  Result<std::optional<PastLine>> next();
  /// At the end: where to continue each log; nothing for a log without a file. An incomplete line
  /// comes after that point if it may still be completed.
  const std::vector<std::optional<ResumePoint>>& ends() const { return ends_; }

 private:
  struct Cursor {
    const Log* log = nullptr;
    std::size_t segment = 0;
    std::optional<GrowingFile> file = {};
    bool returned_half = false;
    std::optional<PastLine> head = {};
    std::optional<Instant> ts = {};
  };
  explicit History(std::span<const Log> logs);
  Result<void> advance(std::size_t log);
  Result<bool> step(std::size_t log);

  std::vector<Cursor> cursors_;
  std::vector<std::optional<ResumePoint>> ends_;
  std::optional<std::size_t> returned_;  ///< the log of the line that was returned last
};

}  // namespace mcpauth::audit::query
