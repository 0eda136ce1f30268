#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/audit/log/line.hpp"
#include "core/audit/log/seal_check.hpp"
#include "core/audit/query/filter.hpp"
#include "core/audit/query/follow.hpp"
#include "core/audit/query/history.hpp"
#include "core/audit/query/log.hpp"
#include "core/audit/query/selection.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

struct TailOptions {
  Selection selection = {};
  /// How many of the selected records that the logs have now; nothing: all of them.
  std::optional<std::size_t> lines = {};
  /// Which selected record ends the tail: see Tail::found.
  std::optional<Filter> exit_on = {};
  /// Marks the records; one for each log, or none.
  std::vector<audit::SealCheck> checks = {};
};

/// What a Tail has to report. The views are valid until the next call of Tail::next.
struct TailEvent {
  enum class Kind {
    record,        ///< a selected record
    not_a_record,  ///< a line that is not a record; it is skipped
    missing,       ///< records are missing before the next line of `file`
    truncated,     ///< `file` was truncated; it is read again from its start
    moved_on,      ///< the rest of the log is read from `file`
    waiting,       ///< `file` does not exist yet; reported once
  };
  Kind kind = Kind::record;
  const std::filesystem::path* file = nullptr;
  std::uint64_t offset = 0;  ///< where the line starts in `file`
  std::optional<audit::LineView> record = {};
  std::optional<audit::Mark> mark = {};
  std::uint64_t first_missing = 0;  ///< the `seq` of the first and the last missing record
  std::uint64_t last_missing = 0;
};

/// The last records of one or more logs, and then, if they are followed, the records that are
/// appended. It never waits. It also watches whether every record could be judged, so that the
/// caller knows what the absence of a match is worth.
class Tail {
 public:
  /// Reads the logs from their ends, no further back than needed. `logs` must outlive it.
  static Result<Tail> open(std::span<const Log> logs, TailOptions options);

  /// The next event; nothing at the end of what the logs have, or, while following, when there is
  /// nothing new.
  Result<std::optional<TailEvent>> next();

  /// Continues with what is appended. Call it when `next` has returned nothing.
  void follow();

  /// Files whose last line is incomplete. Known when `next` has returned nothing.
  std::vector<std::filesystem::path> unfinished() const;

  /// Whether the last record that `next` returned matches `exit_on`.
  bool found() const { return found_; }
  /// Whether a record with the mark `changed` was returned.
  bool saw_change() const { return saw_change_; }
  /// Whether every line could be judged: none was damaged, incomplete, cut off or missing.
  bool saw_all() const;

 private:
  /// A line that was read and is not judged yet.
  struct Line {
    std::size_t log = 0;
    std::string_view text = {};
    const std::filesystem::path* file = nullptr;
    std::uint64_t offset = 0;
  };

  Tail(std::span<const Log> logs, TailOptions options);
  Result<bool> read_past();
  Result<std::optional<TailEvent>> read_new();
  std::optional<TailEvent> event_of(const LogEvent& event);
  std::optional<TailEvent> judge(const Line& line);
  std::optional<TailEvent> gap_before(const Line& line);

  std::span<const Log> logs_;
  TailOptions options_;
  std::optional<History> history_;
  std::vector<Follower> followers_;  ///< one for each log once they are followed
  std::size_t turn_ = 0;             ///< the follower to ask next
  std::optional<Line> line_;         ///< whose gap was reported, and which is judged next
  std::vector<std::optional<std::uint64_t>> last_seqs_;  ///< of each log
  bool waiting_ = false;                                 ///< for a file that does not exist
  bool found_ = false;
  bool saw_change_ = false;
  bool missed_ = false;  ///< whether a line could not be judged
};

}  // namespace mcpauth::audit::query
