#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/policy/analysis/bits.hpp"
#include "core/policy/analysis/pattern_table.hpp"
#include "core/policy/engine/inheritance.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

using policy::RoleId;

/// Which role inherits which. It also works for a policy with faults: undefined names are left out,
/// and cycles do no harm. The policy must outlive it.
class RoleGraph {
 public:
  explicit RoleGraph(const policy::Policy& policy);

  std::optional<RoleId> find(std::string_view name) const;
  /// The role must be an element of the policy's `roles`.
  RoleId id_of(const policy::Role& role) const;
  const policy::Parents& parents() const { return parents_; }
  const policy::Parents& children() const { return children_; }
  /// The roles, each after all that it inherits.
  const std::vector<RoleId>& order() const { return order_; }

  /// By role: whether it is one of these or inherited by one of them, directly or not.
  std::vector<bool> inherited_by(const std::vector<RoleId>& roles) const;
  /// By role: whether it is one of these or inherits one of them, directly or not.
  std::vector<bool> inheriting(const std::vector<RoleId>& roles) const;
  /// The shortest path from a role to one that it inherits, both included. Empty when there is
  /// none.
  std::vector<RoleId> path(RoleId from, RoleId to) const;

 private:
  const policy::Policy* policy_;
  std::unordered_map<std::string_view, RoleId> ids_;
  policy::Parents parents_;
  policy::Parents children_;
  std::vector<RoleId> order_;
};

/// The cells that each role allows and denies, with what it inherits.
struct RoleSums {
  BitRows allows;
  BitRows denies;
};

/// Nothing when it would take more than `most` bits.
std::optional<RoleSums> role_sums(const policy::Policy& policy, const RoleGraph& graph,
                                  const PatternTable& table, std::size_t most = 800'000'000);

}  // namespace mcpauth::policy::analysis
