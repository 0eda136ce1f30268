#include "core/policy/analysis/role_graph.hpp"

#include <algorithm>

namespace mcpauth::policy::analysis {
namespace {

std::vector<bool> flood(const policy::Parents& edges, const std::vector<RoleId>& from) {
  std::vector<bool> reached(edges.size(), false);
  std::vector<RoleId> open;
  const auto enter = [&](RoleId id) {
    if (reached[id]) return;
    reached[id] = true;
    open.push_back(id);
  };
  for (const auto id : from)
    enter(id);
  while (!open.empty()) {
    const auto id = open.back();
    open.pop_back();
    for (const auto next : edges[id])
      enter(next);
  }
  return reached;
}

}  // namespace

RoleGraph::RoleGraph(const policy::Policy& policy)
    : policy_(&policy), parents_(policy.roles.size()), children_(policy.roles.size()) {
  for (RoleId id = 0; id < policy.roles.size(); ++id)
    ids_.try_emplace(policy.roles[id].name.value, id);
  for (RoleId id = 0; id < policy.roles.size(); ++id) {
    for (const auto& name : policy.roles[id].inherits) {
      const auto parent = find(name.value);
      if (!parent) continue;
      parents_[id].push_back(*parent);
      children_[*parent].push_back(id);
    }
  }
  order_ = policy::sort_inheritance(parents_).order;
}

std::optional<RoleId> RoleGraph::find(std::string_view name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

RoleId RoleGraph::id_of(const policy::Role& role) const {
  return static_cast<RoleId>(&role - policy_->roles.data());
}

std::vector<bool> RoleGraph::inherited_by(const std::vector<RoleId>& roles) const {
  return flood(parents_, roles);
}

std::vector<bool> RoleGraph::inheriting(const std::vector<RoleId>& roles) const {
  return flood(children_, roles);
}

std::vector<RoleId> RoleGraph::path(RoleId from, RoleId to) const {
  std::unordered_map<RoleId, RoleId> came_from{{from, from}};
  std::vector<RoleId> open{from};
  for (std::size_t i = 0; i < open.size() && !came_from.contains(to); ++i) {
    for (const auto next : parents_[open[i]]) {
      if (came_from.try_emplace(next, open[i]).second) open.push_back(next);
    }
  }
  if (!came_from.contains(to)) return {};
  std::vector<RoleId> out{to};
  while (out.back() != from)
    out.push_back(came_from[out.back()]);
  std::ranges::reverse(out);
  return out;
}

std::optional<RoleSums> role_sums(const policy::Policy& policy, const RoleGraph& graph,
                                  const PatternTable& table, std::size_t most) {
  const auto roles = policy.roles.size();
  if (!table.is_complete() || roles * table.size() > most) return std::nullopt;
  RoleSums sums{.allows = {roles, table.size()}, .denies = {roles, table.size()}};
  const auto add = [&](BitRows& to, RoleId id, const std::vector<policy::Text>& patterns) {
    for (const auto& pattern : patterns) {
      for (const auto cell : table.cells(pattern.value))
        to.set(id, cell);
    }
  };
  for (const auto id : graph.order()) {
    add(sums.allows, id, policy.roles[id].scopes);
    add(sums.denies, id, policy.roles[id].deny);
    for (const auto parent : graph.parents()[id]) {
      add_all(sums.allows.row(id), sums.allows.row(parent));
      add_all(sums.denies.row(id), sums.denies.row(parent));
    }
  }
  return sums;
}

}  // namespace mcpauth::policy::analysis
