#include "core/policy/analysis/conflicts.hpp"

#include <algorithm>
#include <set>

#include "core/policy/analysis/entry_lists.hpp"

namespace mcpauth::policy::analysis {
namespace {

class ConflictSearch {
 public:
  ConflictSearch(const policy::Policy& policy, const Effective& effective, const RoleGraph& graph,
                 const PatternTable& table, const Removed& removed, std::size_t steps)
      : graph_(graph),
        table_(table),
        left_(steps),
        holders_(effective, graph, policy.roles.size()),
        allows_(policy, table, &policy::Role::scopes, removed),
        denies_(policy, table, &policy::Role::deny, removed) {
    std::vector<RoleId> allowing;
    for (RoleId id = 0; id < policy.roles.size(); ++id) {
      if (!policy.roles[id].scopes.empty()) allowing.push_back(id);
    }
    allows_something_ = graph.inheriting(allowing);
  }

  Conflicts run() {
    Conflicts out;
    for (EntryId id = 0; id < denies_.list.size() && out.is_judged; ++id) {
      const auto role = denies_.list[id].entry.role;
      if (!allows_something_[role] || holders_.classes_of[role].empty()) continue;
      if (role != known_role_) set_role(role);
      out.is_judged = look(id, out.list);
    }
    if (!out.is_judged) out.list.clear();
    return out;
  }

 private:
  void set_role(RoleId role) {
    known_role_ = role;
    inherited_ = graph_.inherited_by({role});
    left_ = left_ > inherited_.size() ? left_ - inherited_.size() : 0;
  }

  /// False once the steps are used up.
  bool look(EntryId deny, std::vector<Conflict>& out) {
    const auto& item = denies_.list[deny];
    std::set<RoleId> met;
    for (const auto group_class : holders_.classes_of[item.entry.role]) {
      for (const auto role : holders_.roles_of[group_class]) {
        if (left_ == 0) return false;
        --left_;
        if (inherited_[role] || met.contains(role)) continue;
        for (EntryId id = allows_.begin[role]; id < allows_.begin[role + 1]; ++id) {
          const auto cell = common(item.pattern, allows_.list[id].pattern);
          if (cell == PatternTable::kNone) continue;
          out.push_back({item.entry, allows_.list[id].entry, group_class, cell});
          met.insert(role);
          break;
        }
      }
    }
    return true;
  }

  /// A cell that both match, or kNone.
  CellId common(PatternId a, PatternId b) {
    const auto of_a = table_.cells(a);
    const auto of_b = table_.cells(b);
    const auto& fewer = of_a.size() < of_b.size() ? of_a : of_b;
    const auto& more = of_a.size() < of_b.size() ? of_b : of_a;
    left_ = left_ > fewer.size() ? left_ - fewer.size() : 0;
    const auto found = std::ranges::find_if(
        fewer, [&](CellId cell) { return std::ranges::binary_search(more, cell); });
    return found == fewer.end() ? PatternTable::kNone : *found;
  }

  const RoleGraph& graph_;
  const PatternTable& table_;
  std::size_t left_;
  Holders holders_;
  EntryList allows_;
  EntryList denies_;
  std::vector<bool> allows_something_;  // by role, including what it inherits
  std::vector<bool> inherited_;         // by role: whether known_role_ inherits it
  RoleId known_role_ = UINT32_MAX;
};

}  // namespace

Conflicts conflicts(const policy::Policy& policy, const Effective& effective,
                    const RoleGraph& graph, const PatternTable& table, const Removed& removed,
                    std::size_t steps) {
  return ConflictSearch(policy, effective, graph, table, removed, steps).run();
}

}  // namespace mcpauth::policy::analysis
