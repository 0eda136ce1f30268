#pragma once

#include <optional>
#include <string>

#include "cli/frame/env.hpp"
#include "core/audit/query/selection.hpp"

namespace mcpauth::cli {

/// --since, --until and --where as they were given.
struct SelectionOptions {
  std::optional<std::string> since = {};
  std::optional<std::string> until = {};
  std::string where = {};
};

/// What they select, or a usage error.
Result<audit::query::Selection> parse_selection(const SelectionOptions& options, Env& env);

}  // namespace mcpauth::cli
