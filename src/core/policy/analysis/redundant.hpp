#pragma once

#include <cstddef>
#include <vector>

#include "core/policy/analysis/combinations.hpp"
#include "core/policy/analysis/effective.hpp"
#include "core/policy/analysis/entries.hpp"
#include "core/policy/analysis/pattern_table.hpp"
#include "core/policy/analysis/role_graph.hpp"

namespace mcpauth::policy::analysis {

/// An entry that makes no difference to anybody.
struct Redundant {
  Entry entry;
  /// An entry that makes it so, in one case at least; without a text: none was looked for or found.
  Entry by = {};
  bool is_by_alone = false;  ///< `by` alone makes it so in every case
};

/// The entries of held roles that make no difference to any principal: whoever has one org and any
/// of the groups of one IdP. All of them can be taken out together, or any of them alone, and every
/// decision stays as it is. Of equal ones the last in the policy is redundant.
struct RedundantEntries {
  std::vector<Redundant> overridden = {};  ///< allows of which each scope is denied to each holder
  std::vector<Redundant> shadowed = {};    ///< other allows: denied, or allowed by another as well
  std::vector<Redundant> vacuous = {};     ///< denies that no allow of any holder meets
  std::vector<Redundant> shadowed_denies =
      {};                 ///< other denies: where an allow meets them, another denies
  bool is_judged = true;  ///< false: it would have taken too much work, and nothing is here
};

/// What the questions cost at most.
struct RedundancyLimits {
  std::size_t steps = 200'000'000;  ///< entries of each class times the cells they match
  std::size_t firsts = 10'000'000;  ///< classes times cells in which something is allowed or denied
  std::size_t bits = 400'000'000;   ///< classes times cells
};

/// What a policy comes to, from every side. The effective sets are of this policy, and its
/// witnesses must be complete.
struct Analysed {
  const policy::Policy& policy;
  const Effective& effective;
  const RoleGraph& graph;
  const PatternTable& table;
  const Combinations& combinations;
};

RedundantEntries redundant_entries(const Analysed& analysed, const Removed& removed,
                                   const RedundancyLimits& limits = {});

}  // namespace mcpauth::policy::analysis
