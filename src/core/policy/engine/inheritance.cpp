#include "core/policy/engine/inheritance.hpp"

#include <algorithm>

namespace mcpauth::policy {
namespace {

constexpr std::size_t kMostCycles = 100;

enum class Visit : std::uint8_t { never, open, done };

struct Step {
  RoleId role;
  std::size_t next_parent;
};

std::vector<RoleId> cycle_from(const std::vector<Step>& path, RoleId back_to) {
  const auto first = std::ranges::find(path, back_to, &Step::role);
  std::vector<RoleId> cycle;
  for (auto step = first; step != path.end(); ++step)
    cycle.push_back(step->role);
  std::ranges::rotate(cycle, std::ranges::min_element(cycle));
  return cycle;
}

}  // namespace

Inheritance sort_inheritance(const Parents& parents) {
  Inheritance found;
  found.order.reserve(parents.size());
  std::vector<Visit> visits(parents.size(), Visit::never);
  std::vector<Step> path;
  for (RoleId start = 0; start < parents.size(); ++start) {
    if (visits[start] == Visit::never) path.push_back({start, 0});
    while (!path.empty()) {
      Step& step = path.back();
      visits[step.role] = Visit::open;
      if (step.next_parent == parents[step.role].size()) {
        visits[step.role] = Visit::done;
        found.order.push_back(step.role);
        path.pop_back();
        continue;
      }
      const RoleId parent = parents[step.role][step.next_parent++];
      if (visits[parent] == Visit::open && found.cycles.size() < kMostCycles) {
        found.cycles.push_back(cycle_from(path, parent));
      }
      if (visits[parent] == Visit::never) path.push_back({parent, 0});
    }
  }
  return found;
}

}  // namespace mcpauth::policy
