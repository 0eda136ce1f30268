#pragma once

#include <map>
#include <string_view>

#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::lint {

/// The orgs that a policy names, each with the first place: its definition, or else a grant. `*` is
/// not one.
std::map<std::string_view, policy::Place> named_orgs(const policy::Policy& policy);

}  // namespace mcpauth::policy::lint
