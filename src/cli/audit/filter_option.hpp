#pragma once

#include <optional>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/audit/query/filter.hpp"

namespace mcpauth::cli {

/// The filter that a flag gives; empty: none. Where it is wrong, the expression and a caret below
/// the place go to stderr, in front of the error.
Result<std::optional<audit::query::Filter>> filter_option(std::string_view flag,
                                                          std::string_view expression, Env& env);

}  // namespace mcpauth::cli
