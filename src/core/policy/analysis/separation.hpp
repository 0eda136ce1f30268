#pragma once

#include <optional>
#include <vector>

#include "core/policy/analysis/combinations.hpp"
#include "core/policy/analysis/org_groups.hpp"
#include "core/policy/analysis/pattern_table.hpp"

namespace mcpauth::policy::analysis {

/// A principal who holds two scopes that a separation keeps apart.
struct Clash {
  /// Positions in Effective::groups: one group that gives both, or two that give one each.
  std::vector<std::size_t> groups = {};
  std::size_t side = 0;  ///< position in `never_both` of the first scope
  std::size_t other_side = 0;
  CellId cell = 0;
  CellId other_cell = 0;
  std::size_t others = 0;  ///< how many other single groups give two scopes
};

struct ClashSearch {
  std::optional<Clash> found = {};
  bool is_judged = true;  ///< false: nothing was found within `steps`
  std::size_t left = 0;   ///< what is left of `steps`
};

/// Looks for a principal who holds scopes that match two patterns of the separation. One group is
/// tried first, then two of one org and IdP. More need not be tried: further groups only add denies
/// to what two of them give.
ClashSearch find_clash(const policy::Separation& separation, const Effective& effective,
                       const PatternTable& table, const Combinations& combinations,
                       std::size_t steps = 100'000'000);

}  // namespace mcpauth::policy::analysis
