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
/// `decision=deny and tool~"hr/*" and latency>50ms`. Cheap to copy; may be asked from any thread.
class Filter {
 public:
  /// At most 4 KiB and 64 levels of nesting. Relative times count from `now`. The error is
  /// Errc::usage and names the column; so does its one Problem, for who draws a caret there.
  static Result<Filter> parse(std::string_view expression, Instant now);

  /// Without an allocation, unless a value has a JSON escape in it.
  bool matches(const audit::LineView& record) const;
  /// False only where no record that is written as this line can match: what lets most lines of a
  /// log go by unparsed. Says nothing of lines that are no record.
  bool could_match(std::string_view line) const;

 private:
  explicit Filter(Condition condition);

  std::shared_ptr<const Condition> condition_;
  std::vector<std::string> needed_;  ///< a line without one of them, and without `\`, cannot match
};

}  // namespace mcpauth::audit::query
