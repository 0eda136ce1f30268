#pragma once

#include <string_view>

#include "core/audit/query/condition.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// Parses a filter expression (docs/audit.md has the grammar). See Filter::parse.
Result<Condition> parse_condition(std::string_view expression, Instant now);

}  // namespace mcpauth::audit::query
