#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/policy/analysis/combinations.hpp"
#include "core/policy/analysis/pattern_table.hpp"
#include "core/policy/analysis/role_graph.hpp"
#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// What a usable policy comes to, for the rules that ask about all scopes and everybody. What is
/// pointed at is the policy of the subject's engine.
struct Sums {
  explicit Sums(const Subject& subject);

  const policy::Policy& policy;
  const analysis::Effective& effective;
  analysis::RoleGraph graph;
  analysis::PatternTable table;
  analysis::Combinations combinations;
  std::optional<analysis::RoleSums> roles;  ///< nothing where the policy is too large
  bool is_exact;  ///< the universe, the table and the combinations are whole

  std::string_view scope(analysis::CellId cell) const {
    return effective.scopes[table.cell(cell).scope];
  }
  policy::Standing standing(std::size_t kind, analysis::CellId cell) const {
    return effective.classes[kind].standing[table.cell(cell).scope];
  }
};

/// Whether the subject has all that such rules ask for.
bool has_sums(const Subject& subject);

/// What to say where a policy is too large or its patterns overlap in too many ways.
inline constexpr std::string_view kTooLarge =
    "the patterns of the policy overlap in too many ways to judge each scope";

/// "okta:HR → lead → clerk → pay:*": the roles from the one granted to the one that lists the
/// entry; long ways without their middle. `group` and `entry` may be empty.
std::string chain(const analysis::RoleGraph& graph, const policy::Policy& policy,
                  std::string_view group, analysis::RoleId granted, analysis::RoleId listing,
                  std::string_view entry);

/// The first entry of the role, or else of the nearest that it inherits, that allows the cell;
/// without an entry where it was looked for too long.
struct Source {
  analysis::RoleId role = 0;
  const policy::Text* entry = nullptr;
};
Source allowing(const Sums& sums, analysis::RoleId role, analysis::CellId cell);

}  // namespace mcpauth::policy::lint
