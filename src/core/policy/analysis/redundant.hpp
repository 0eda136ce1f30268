#pragma once

#include <cstddef>
#include <unordered_set>
#include <vector>

#include "core/policy/analysis/combinations.hpp"
#include "core/policy/analysis/org_groups.hpp"
#include "core/policy/analysis/pattern_table.hpp"
#include "core/policy/analysis/role_graph.hpp"

namespace mcpauth::policy::analysis {

/// A scope pattern in a role's `scopes` or `deny`, into the policy.
struct Entry {
  RoleId role = 0;
  const policy::Text* text = nullptr;
};

/// An entry that makes no difference to anybody.
struct Idle {
  Entry entry;
  /// An entry that makes it so, in one case at least; without a text: none was looked for or found.
  Entry by = {};
  bool is_by_alone = false;  ///< `by` alone makes it so in every case
};

/// The entries of held roles that make no difference to any principal: whoever has one org and any
/// of the groups of one IdP. All of them can be taken out together, or any of them alone, and every
/// decision stays as it is. Of equal ones the last in the policy is idle.
struct IdleEntries {
  std::vector<Idle> overridden = {};  ///< allows of which each scope is denied to each holder
  std::vector<Idle> shadowed = {};    ///< other allows: denied, or allowed by another as well
  std::vector<Idle> vacuous = {};     ///< denies that no allow of any holder meets
  std::vector<Idle> shadowed_denies =
      {};                 ///< other denies: where an allow meets them, another denies
  bool is_judged = true;  ///< false: it would have taken too much work, and nothing is here
};

/// What the questions cost at most.
struct IdleLimits {
  std::size_t steps = 200'000'000;  ///< entries of each kind times the cells they match
  std::size_t firsts = 10'000'000;  ///< kinds times cells in which something is allowed or denied
  std::size_t bits = 400'000'000;   ///< kinds times cells
};

/// Entries that the policy can do without in any case, and that are taken for gone here.
using Gone = std::unordered_set<const policy::Text*>;

/// What a policy comes to, from every side. The effective sets are of this policy, and its universe
/// must be complete.
struct Whole {
  const policy::Policy& policy;
  const Effective& effective;
  const RoleGraph& graph;
  const PatternTable& table;
  const Rooms& rooms;
};

IdleEntries idle_entries(const Whole& whole, const Gone& gone, const IdleLimits& limits = {});

/// An allow and a deny that meet in one holder of both, of roles that do not know of each other:
/// the deny's does not inherit the allow's, and allows something itself.
struct Conflict {
  Entry deny;
  Entry allow;
  std::size_t kind = 0;  ///< who holds both
  CellId cell = 0;       ///< where they meet
};

/// The first meeting of each deny with each other role, of what is not gone, by deny.
struct Conflicts {
  std::vector<Conflict> list = {};
  bool is_judged = true;
};

Conflicts conflicts(const policy::Policy& policy, const Effective& effective,
                    const RoleGraph& graph, const PatternTable& table, const Gone& gone,
                    std::size_t steps = 50'000'000);

}  // namespace mcpauth::policy::analysis
