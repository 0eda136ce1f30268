#pragma once

#include <optional>
#include <vector>

#include "core/policy/analysis/combinations.hpp"
#include "core/policy/analysis/org_groups.hpp"
#include "core/policy/analysis/pattern_table.hpp"

namespace mcpauth::policy::analysis {

/// Somebody who holds two scopes of a separation.
struct Clash {
  /// One group that gives both, or two that give one each.
  std::vector<std::size_t> groups = {};
  std::size_t side = 0;  ///< position in `never_both`, of the first scope
  std::size_t other_side = 0;
  CellId cell = 0;
  CellId other_cell = 0;
  std::size_t others = 0;  ///< more single groups that give two scopes
};

struct ClashSearch {
  std::optional<Clash> found = {};
  bool is_judged = true;  ///< false: nothing was found before the work became too much
  std::size_t left = 0;   ///< of the steps
};

/// Whether some principal, with one org and any of the groups of one IdP, holds scopes of two of
/// the separation's patterns. Looks for one group first: two are enough where any number are, since
/// more groups only add denies to what the two give.
ClashSearch find_clash(const policy::Separation& separation, const Effective& effective,
                       const PatternTable& table, const Combinations& combinations,
                       std::size_t steps = 100'000'000);

}  // namespace mcpauth::policy::analysis
