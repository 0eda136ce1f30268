#pragma once

#include <cstddef>
#include <vector>

#include "core/policy/analysis/combinations.hpp"
#include "core/policy/analysis/effective.hpp"
#include "core/policy/analysis/entries.hpp"
#include "core/policy/analysis/pattern_table.hpp"
#include "core/policy/analysis/role_graph.hpp"

namespace mcpauth::policy::analysis {

/// An entry without which every decision stays the same.
struct Redundant {
  Entry entry;
  /// An entry that makes it redundant, at least in one case. Without a text when none is known.
  Entry by = {};
  bool is_by_alone = false;  ///< `by` alone makes it redundant in every case
};

/// The entries of held roles that make no difference to any principal, who has one org and any of
/// the groups of one IdP. They can be removed one by one or all together, and every decision stays
/// the same. Of equal entries, the last one in the policy is redundant.
struct RedundantEntries {
  std::vector<Redundant> overridden = {};  ///< allows: every scope is denied to every holder
  std::vector<Redundant> shadowed =
      {};                               ///< other allows: each scope is denied or allowed elsewhere
  std::vector<Redundant> vacuous = {};  ///< denies that match no scope that a holder is allowed
  std::vector<Redundant> shadowed_denies =
      {};                 ///< other denies: each scope is denied elsewhere too
  bool is_judged = true;  ///< false: too much work, and the lists are empty
};

/// Bounds on the work.
struct RedundancyLimits {
  std::size_t steps = 200'000'000;  ///< entries of each class times the cells they match
  std::size_t firsts = 10'000'000;  ///< classes times cells in which something is allowed or denied
  std::size_t bits = 400'000'000;   ///< classes times cells
};

/// A policy with what is known about it. `effective` must be of this policy and of its complete
/// witnesses.
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
