#pragma once

#include "core/policy/engine/policy.hpp"
#include "core/policy/engine/read.hpp"

namespace mcpauth::policy {

/// Reports every name that leads nowhere or to two things: undefined roles, scopes beyond the
/// catalogue where there is one, cycles of inheritance, and what is defined a second time.
void check_names(const Policy& policy, Report& report);

}  // namespace mcpauth::policy
