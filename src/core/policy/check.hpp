#pragma once

#include "core/policy/policy.hpp"
#include "core/policy/read.hpp"

namespace mcpauth::policy {

/// Reports every name that leads nowhere: undefined roles, scopes beyond the catalogue where there
/// is one, cycles of inheritance, and separations of the same name.
void check_names(const Policy& policy, Report& report);

}  // namespace mcpauth::policy
