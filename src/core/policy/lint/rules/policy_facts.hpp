#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/analysis/combinations.hpp"
#include "core/policy/analysis/pattern_table.hpp"
#include "core/policy/analysis/role_graph.hpp"
#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// What follows from a usable policy, worked out once for the rules that ask about all scopes and
/// all groups. Points into the subject, which must be usable.
struct PolicyFacts {
  explicit PolicyFacts(const Subject& subject);

  const policy::Policy& policy;
  const analysis::Effective& effective;
  analysis::RoleGraph graph;
  analysis::PatternTable table;
  analysis::Combinations combinations;
  std::optional<analysis::RoleSums> roles;  ///< absent if the policy is too large
  bool is_exact;  ///< the witness scopes, the table and the combinations are complete
  /// By role: whether a grant leads to it. Expired grants count, and so do those whose IdP does not
  /// count in their org: other rules report them.
  std::vector<bool> is_granted;

  std::string_view scope(analysis::CellId cell) const {
    return effective.scopes[table.cell(cell).scope];
  }
  policy::Standing standing(std::size_t kind, analysis::CellId cell) const {
    return effective.classes[kind].standing[table.cell(cell).scope];
  }
};

inline bool is_expired(const policy::Grant& grant, Instant now) {
  return grant.until && *grant.until <= now;
}

/// The note of a rule that gives up because the policy is too large or its patterns overlap in too
/// many ways.
inline constexpr std::string_view kTooLarge =
    "the patterns of the policy overlap in too many ways to judge each scope";

/// "okta:HR → lead → clerk → pay:*": the roles from the granted one to the one that lists the
/// entry. A long chain is shortened in the middle. `group` and `entry` may be empty.
std::string chain(const analysis::RoleGraph& graph, const policy::Policy& policy,
                  std::string_view group, analysis::RoleId granted, analysis::RoleId listing,
                  std::string_view entry);

/// The first entry that allows a cell, in the role itself or in the nearest role that it inherits.
struct Source {
  analysis::RoleId role = 0;
  const policy::Text* entry = nullptr;  ///< null if the search took too long
};
Source allowing(const PolicyFacts& facts, analysis::RoleId role, analysis::CellId cell);

}  // namespace mcpauth::policy::lint
