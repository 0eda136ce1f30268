#include "core/policy/lint/rules/policy_facts.hpp"

#include <algorithm>
#include <unordered_set>

namespace mcpauth::policy::lint {

using analysis::RoleId;

namespace {

std::vector<bool> granted_roles(const policy::Policy& policy, const analysis::RoleGraph& graph) {
  std::vector<RoleId> roots;
  for (const auto& grant : policy.grants) {
    if (const auto id = graph.find(grant.role.value)) roots.push_back(*id);
  }
  return graph.inherited_by(roots);
}

}  // namespace

PolicyFacts::PolicyFacts(const Subject& subject)
    : policy(subject.engine->policy()),
      effective(*subject.effective),
      graph(policy),
      table(policy, effective.scopes),
      combinations(analysis::combinations_of(effective)),
      roles(analysis::role_sums(policy, graph, table)),
      is_exact(subject.witness_scopes->is_complete && table.is_complete() &&
               combinations.is_complete),
      is_granted(granted_roles(policy, graph)) {}

std::string chain(const analysis::RoleGraph& graph, const policy::Policy& policy,
                  std::string_view group, RoleId granted, RoleId listing, std::string_view entry) {
  constexpr std::size_t kMost = 8;
  std::string out(group);
  const auto add = [&](std::string_view name) {
    if (!out.empty()) out += " → ";
    out += name;
  };
  const auto path = graph.path(granted, listing);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path.size() > kMost && i == kMost - 2) {
      add("…");
      i = path.size() - 2;
    }
    add(policy.roles[path[i]].name.value);
  }
  if (!entry.empty()) add(entry);
  return out;
}

Source allowing(const PolicyFacts& facts, RoleId role, analysis::CellId cell) {
  std::vector<RoleId> open{role};
  std::unordered_set<RoleId> seen{role};
  std::size_t left = 100'000;
  for (std::size_t i = 0; i < open.size() && left > 0; ++i) {
    left -= std::min(left, facts.policy.roles[open[i]].scopes.size() + 1);
    for (const auto& entry : facts.policy.roles[open[i]].scopes) {
      if (facts.table.matches(facts.table.id_of(entry.value), cell)) return {open[i], &entry};
    }
    for (const auto parent : facts.graph.parents()[open[i]]) {
      if (seen.insert(parent).second) open.push_back(parent);
    }
  }
  return {role, nullptr};
}

}  // namespace mcpauth::policy::lint
