#pragma once

#include <optional>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/audit/query/filter.hpp"

namespace mcpauth::cli {

/// The filter in the value of a flag; none if the value is empty. If it is wrong, the expression is
/// printed to stderr with a caret below the mistake, before the error.
Result<std::optional<audit::query::Filter>> filter_option(std::string_view flag,
                                                          std::string_view expression, Env& env);

}  // namespace mcpauth::cli
