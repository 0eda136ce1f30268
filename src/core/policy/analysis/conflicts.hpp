#pragma once

#include <cstddef>
#include <vector>

#include "core/policy/analysis/effective.hpp"
#include "core/policy/analysis/entries.hpp"
#include "core/policy/analysis/pattern_table.hpp"
#include "core/policy/analysis/role_graph.hpp"

namespace mcpauth::policy::analysis {

/// An allow and a deny that meet in one holder of both, of roles that do not know of each other:
/// the deny's does not inherit the allow's, and allows something itself.
struct Conflict {
  Entry deny;
  Entry allow;
  std::size_t group_class = 0;  ///< who holds both
  CellId cell = 0;              ///< where they meet
};

/// The first meeting of each deny with each other role, of what is not removed, by deny.
struct Conflicts {
  std::vector<Conflict> list = {};
  bool is_judged = true;
};

Conflicts conflicts(const policy::Policy& policy, const Effective& effective,
                    const RoleGraph& graph, const PatternTable& table, const Removed& removed,
                    std::size_t steps = 50'000'000);

}  // namespace mcpauth::policy::analysis
