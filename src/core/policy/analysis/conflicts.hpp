#pragma once

#include <cstddef>
#include <vector>

#include "core/policy/analysis/effective.hpp"
#include "core/policy/analysis/entries.hpp"
#include "core/policy/analysis/pattern_table.hpp"
#include "core/policy/analysis/role_graph.hpp"

namespace mcpauth::policy::analysis {

/// An allow and a deny that match a common scope, and groups that hold both. The roles are
/// unrelated: the denying role does not inherit the allowing one, and allows something itself.
struct Conflict {
  Entry deny;
  Entry allow;
  std::size_t group_class = 0;  ///< of the groups that hold both; in Effective::classes
  CellId cell = 0;              ///< scopes that both match
};

/// The first conflict of each deny with each other role, sorted by deny. Ignores removed entries.
struct Conflicts {
  std::vector<Conflict> list = {};
  bool is_judged = true;  ///< false: it takes more than `steps`, and the list is empty
};

Conflicts conflicts(const policy::Policy& policy, const Effective& effective,
                    const RoleGraph& graph, const PatternTable& table, const Removed& removed,
                    std::size_t steps = 50'000'000);

}  // namespace mcpauth::policy::analysis
