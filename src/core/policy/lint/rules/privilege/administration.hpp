#pragma once

#include <string_view>
#include <vector>

#include "core/policy/engine/pattern.hpp"
#include "core/policy/lint/finding/subject.hpp"
#include "core/policy/lint/rules/policy_facts.hpp"

namespace mcpauth::policy::lint {

/// Scopes that administer mcpauth begin with this.
inline constexpr std::string_view kAdministrative = "mcpauth:";

/// What the holder of an administrative scope may do: "change the policy".
std::string_view power_of(std::string_view scope);

/// An entry of a role's `scopes` that allows an administrative scope.
struct AdministrativeEntry {
  analysis::RoleId role;
  const policy::Text* entry;
};

/// The administrative scopes of a policy, and who is allowed them. The subject and the facts must
/// outlive it.
class Administration {
 public:
  Administration(const Subject& subject, const PolicyFacts& facts);

  /// Calls `visit` with administrative scopes that the pattern matches, until it returns false.
  /// Scopes that no pattern of the policy tells apart are visited once.
  template <class Visit>
  void each(const policy::Text& pattern, Visit visit) const {
    if (!pattern.value.starts_with('*') && !pattern.value.starts_with(kAdministrative)) return;
    for (const auto cell : facts_.table.cells(pattern.value)) {
      if (!of_cell_[cell].empty() && !visit(of_cell_[cell])) return;
    }
    for (const auto scope : unnamed_) {
      if (policy::scope_matches(pattern.value, scope) && !visit(scope)) return;
    }
  }

  /// Whether the groups of this kind are allowed the scope.
  bool is_allowed(std::size_t kind, std::string_view scope) const;

  /// Every entry that allows an administrative scope.
  std::vector<AdministrativeEntry> entries() const;

 private:
  const Subject& subject_;
  const PolicyFacts& facts_;
  std::vector<std::string_view> of_cell_;  // the first administrative scope of each cell, or empty
  std::vector<std::string_view> unnamed_;
};

}  // namespace mcpauth::policy::lint
