#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/policy/analysis/effective.hpp"

namespace mcpauth::policy::analysis {

/// One group, in place of all groups of its class.
struct Representative {
  std::size_t group_class = 0;
  std::size_t group = 0;  ///< its position in the list of groups
};

/// The groups of one IdP in one org. One principal may be in any of them at once, and in no others.
struct CombinableGroups {
  std::string org;
  bool is_any_other_org = false;
  std::vector<Representative> representatives;  ///< one for each class
};

struct Combinations {
  std::vector<CombinableGroups> list;
  bool is_complete =
      true;  ///< false: there were more than `most` representatives; some are missing
};

/// What groups can be combined, for each org and IdP. `class_of` has the class of each group, or
/// Effective::kNothing for one that is in no combination.
Combinations combinations_of(std::span<const OrgGroup> groups,
                             std::span<const std::size_t> class_of, std::size_t most);

/// The same for the groups that hold a role.
Combinations combinations_of(const Effective& effective, std::size_t most = 5'000'000);

}  // namespace mcpauth::policy::analysis
