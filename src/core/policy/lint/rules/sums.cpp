#include "core/policy/lint/rules/sums.hpp"

#include <algorithm>
#include <unordered_set>

namespace mcpauth::policy::lint {

using analysis::RoleId;

bool has_sums(const Subject& subject) {
  return subject.engine != nullptr && subject.universe != nullptr && subject.effective != nullptr;
}

Sums::Sums(const Subject& subject)
    : policy(subject.engine->policy()),
      effective(*subject.effective),
      graph(policy),
      table(policy, effective.scopes),
      combinations(analysis::combinations_of(effective)),
      roles(analysis::role_sums(policy, graph, table)),
      is_exact(subject.universe->is_complete && table.is_complete() && combinations.is_complete) {}

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

Source allowing(const Sums& sums, RoleId role, analysis::CellId cell) {
  std::vector<RoleId> open{role};
  std::unordered_set<RoleId> seen{role};
  std::size_t left = 100'000;
  for (std::size_t i = 0; i < open.size() && left > 0; ++i) {
    left -= std::min(left, sums.policy.roles[open[i]].scopes.size() + 1);
    for (const auto& entry : sums.policy.roles[open[i]].scopes) {
      if (sums.table.matches(sums.table.id_of(entry.value), cell)) return {open[i], &entry};
    }
    for (const auto parent : sums.graph.parents()[open[i]]) {
      if (seen.insert(parent).second) open.push_back(parent);
    }
  }
  return {role, nullptr};
}

}  // namespace mcpauth::policy::lint
