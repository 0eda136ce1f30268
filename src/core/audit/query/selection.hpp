#pragma once

#include <optional>
#include <string_view>

#include "core/audit/log/line.hpp"
#include "core/audit/query/filter.hpp"
#include "core/base/clock.hpp"

namespace mcpauth::audit::query {

/// Which records are asked for. Without any condition, all of them.
struct Selection {
  std::optional<Instant> since = {};  ///< from this second on
  std::optional<Instant> until = {};  ///< before this second
  std::optional<Filter> where = {};

  /// Does not parse the line. False only if the line cannot be selected.
  bool could_select(std::string_view line) const;
  bool selects(const audit::LineView& record) const;
  /// The same for a line. False if it is not a record.
  bool selects(std::string_view line) const;
};

}  // namespace mcpauth::audit::query
