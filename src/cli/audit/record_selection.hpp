#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/audit/log/line.hpp"
#include "core/audit/query/filter.hpp"

namespace mcpauth::cli {

/// --since, --until and --where as they were given.
struct SelectionOptions {
  std::optional<std::string> since = {};
  std::optional<std::string> until = {};
  std::string where = {};
};

/// Which records are asked for.
class Selection {
 public:
  static Result<Selection> of(const SelectionOptions& options, Env& env);

  /// False only for lines that cannot be selected, without parsing them.
  bool could_select(std::string_view line) const;
  bool selects(const audit::LineView& record) const;
  /// The same of a line; false where it is no record.
  bool selects(std::string_view line) const;

 private:
  bool in_time(Instant ts) const;

  std::optional<Instant> since_ = {};  ///< from this second on
  std::optional<Instant> until_ = {};  ///< before this one
  std::optional<audit::query::Filter> where_ = {};
};

}  // namespace mcpauth::cli
