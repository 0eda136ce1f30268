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

/// Who inherits whom. Names that are not defined are left out, and cycles do no harm, so it may
/// also be asked about a policy with faults, which must outlive it.
class RoleGraph {
 public:
  explicit RoleGraph(const policy::Policy& policy);

  std::optional<RoleId> find(std::string_view name) const;
  /// The role must be one of the policy's own.
  RoleId id_of(const policy::Role& role) const;
  const policy::Parents& parents() const { return parents_; }
  const policy::Parents& children() const { return children_; }
  /// The roles, each behind all that it inherits.
  const std::vector<RoleId>& order() const { return order_; }

  /// By role: whether it is one of these or inherited by one of them, however far.
  std::vector<bool> inherited_by(const std::vector<RoleId>& roles) const;
  /// By role: whether it is one of these or inherits one of them, however far.
  std::vector<bool> inheriting(const std::vector<RoleId>& roles) const;
  /// The shortest way from a role to one that it inherits, both included; empty: there is none.
  std::vector<RoleId> path(RoleId from, RoleId to) const;

 private:
  const policy::Policy* policy_;
  std::unordered_map<std::string_view, RoleId> ids_;
  policy::Parents parents_;
  policy::Parents children_;
  std::vector<RoleId> order_;
};

/// What each role comes to by itself, with all that it inherits: sets of cells.
struct RoleSums {
  BitRows allows;
  BitRows denies;
};

/// Nothing where it would take more than `most` bits.
std::optional<RoleSums> role_sums(const policy::Policy& policy, const RoleGraph& graph,
                                  const PatternTable& table, std::size_t most = 800'000'000);

}  // namespace mcpauth::policy::analysis
