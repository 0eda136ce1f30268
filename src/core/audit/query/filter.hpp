#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/audit/log/line.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

struct Condition;

/// One condition on records, in the filter language of docs/audit.md:
/// `decision=deny and tool~"hr/*" and latency>50ms`. Cheap to copy, and thread-safe.
class Filter {
 public:
  /// At most 4 KiB and 64 levels of nesting. Relative times are relative to `now`. The error is
  /// Errc::usage and names the column. It has one Problem with that column, for drawing a caret.
  static Result<Filter> parse(std::string_view expression, Instant now);

  /// Does not allocate, unless a value has a JSON escape in it.
  bool matches(const audit::LineView& record) const;
  /// False only if the record in this line cannot match. Does not parse the line, so most lines of
  /// a log can be skipped quickly. Meaningless if the line is not a record.
  bool could_match(std::string_view line) const;

 private:
  explicit Filter(Condition condition);

  std::shared_ptr<const Condition> condition_;
  std::vector<std::string> needed_;  ///< a line without one of them, and without `\`, cannot match
};

}  // namespace mcpauth::audit::query
