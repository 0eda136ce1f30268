#pragma once

#include <vector>

#include "core/policy/analysis/compared.hpp"

namespace mcpauth::policy::analysis {

/// A change for those who are in all of these groups. Nobody in fewer of them has it.
struct CombinedChange {
  bool is_gain = false;
  std::vector<OrgGroup> groups = {};  ///< of one org
  RequirementId requirement = 0;
};

/// Looks in every org and IdP for changes that only several groups together have. Leaves out what
/// the budget does not reach.
std::vector<CombinedChange> find_combined_changes(const Compared& compared, Budget& budget);

}  // namespace mcpauth::policy::analysis
