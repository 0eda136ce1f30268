#pragma once

#include <unordered_set>

#include "core/policy/analysis/role_graph.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

/// A scope pattern in a role's `scopes` or `deny`. `text` points into the policy.
struct Entry {
  RoleId role = 0;
  const policy::Text* text = nullptr;
};

/// Entries that another rule removes already. Here the policy is read as if they were not in it.
using Removed = std::unordered_set<const policy::Text*>;

}  // namespace mcpauth::policy::analysis
