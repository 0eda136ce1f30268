#pragma once

#include "core/policy/engine/policy.hpp"
#include "core/policy/engine/read.hpp"

namespace mcpauth::policy {

/// Reports every name that is undefined or defined twice: roles, scopes where there is a catalogue,
/// and so on. Also reports cycles of inheritance.
void check_names(const Policy& policy, Report& report);

}  // namespace mcpauth::policy
