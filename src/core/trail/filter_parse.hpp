#pragma once

#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/trail/condition.hpp"

namespace mcpauth::trail {

/// The condition that a filter expression says (docs/audit.md has the grammar). See Filter::parse.
Result<Condition> parse_condition(std::string_view expression, Instant now);

}  // namespace mcpauth::trail
