#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/policy/analysis/org_groups.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::policy::analysis {

/// An equivalence class: groups that hold the same roles, so the policy treats them alike.
struct GroupClass {
  std::vector<policy::HeldRole> roles;     ///< held, in file order; into the engine's policy
  std::vector<policy::Standing> standing;  ///< to each of Effective::scopes, in their order
  std::vector<std::size_t> groups;         ///< positions in Effective::groups; never empty
};

/// What each single group may do at one instant, as the Engine decides it. There is no second
/// reading of the rules here.
struct Effective {
  std::vector<OrgGroup> groups;
  std::vector<std::string> scopes;    ///< mostly witnesses: see WitnessScopes
  std::vector<GroupClass> classes;    ///< of the groups that hold a role
  std::vector<std::size_t> class_of;  ///< by group; kNothing: it holds no role

  /// False when the work was cut short. Then the rest must not be used.
  bool is_complete = true;

  static constexpr std::size_t kNothing = static_cast<std::size_t>(-1);
};

/// The engine must outlive the result. `groups` may be of several policies. `most` bounds the work:
/// the roles granted, summed over the groups, and the bytes that the classes take.
Effective effective_of(const policy::Engine& engine, std::vector<OrgGroup> groups,
                       std::vector<std::string> scopes, Instant now,
                       std::size_t most = static_cast<std::size_t>(-1));

}  // namespace mcpauth::policy::analysis
