#pragma once

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/policy/engine/decide.hpp"

namespace mcpauth::policy::analysis {

/// Which roles differ between two policies.
class RoleChanges {
 public:
  RoleChanges(const policy::Policy& before, const policy::Policy& after) {
    is_everything_ = before.has_scope_catalogue != after.has_scope_catalogue ||
                     (before.has_scope_catalogue && names_of(before) != names_of(after));
    std::unordered_map<std::string_view, const policy::Role*> old;
    for (const auto& role : before.roles)
      old.emplace(role.name.value, &role);
    for (const auto& role : after.roles) {
      const auto found = old.find(role.name.value);
      if (found != old.end() && is_same(found->second->scopes, role.scopes) &&
          is_same(found->second->deny, role.deny)) {
        same_.insert(role.name.value);
      }
    }
  }

  /// Whether those who hold these roles before and after have the same scopes. False when in doubt.
  /// The roles include the inherited ones.
  bool are_alike(std::span<const policy::HeldRole> before,
                 std::span<const policy::HeldRole> after) const {
    if (before.size() != after.size()) return false;
    if (before.empty()) return true;
    if (is_everything_) return false;
    std::vector<std::string_view> a;
    std::vector<std::string_view> b;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!same_.contains(after[i].role->name.value)) return false;
      a.push_back(before[i].role->name.value);
      b.push_back(after[i].role->name.value);
    }
    std::ranges::sort(a);
    std::ranges::sort(b);
    return a == b;
  }

 private:
  static std::set<std::string_view> names_of(const policy::Policy& policy) {
    std::set<std::string_view> out;
    for (const auto& scope : policy.scopes)
      out.insert(scope.name.value);
    return out;
  }
  static bool is_same(const std::vector<policy::Text>& a, const std::vector<policy::Text>& b) {
    return std::ranges::equal(a, b, {}, &policy::Text::value, &policy::Text::value);
  }

  bool is_everything_ = false;
  std::unordered_set<std::string_view> same_;
};

}  // namespace mcpauth::policy::analysis
