#include "core/policy/check.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/policy/inheritance.hpp"
#include "core/policy/pattern.hpp"

namespace mcpauth::policy {
namespace {

/// Names that exist, to look up and to suggest from.
class Names {
 public:
  template <class Items, class NameOf>
  Names(const Items& items, NameOf name_of) {
    for (const auto& item : items) {
      const std::string_view name = name_of(item);
      ids_.try_emplace(name, static_cast<std::uint32_t>(list_.size()));
      list_.push_back(name);
    }
  }

  const std::uint32_t* find(std::string_view name) const {
    const auto found = ids_.find(name);
    return found == ids_.end() ? nullptr : &found->second;
  }
  std::span<const std::string_view> list() const { return list_; }

 private:
  std::unordered_map<std::string_view, std::uint32_t> ids_;
  std::vector<std::string_view> list_;
};

void check_role(const Text& role, const Names& roles, Report& report) {
  if (role.value.empty() || roles.find(role.value) != nullptr) return;
  report.add(role.place.span, "role `" + role.value + "` is not defined",
             report.suggest(role.value, roles.list(), "add [roles." + role.value + "]"));
}

void check_scopes(const std::vector<Text>& scopes, const Names& known, Report& report) {
  for (const auto& scope : scopes) {
    if (!is_concrete(scope.value) || known.find(scope.value) != nullptr) continue;
    if (scope_fault(scope.value, Wildcards::no)) continue;  // reported for its form
    report.add(scope.place.span, "scope `" + scope.value + "` is not in [scopes]",
               report.suggest(scope.value, known.list(), "add it to [scopes]"));
  }
}

void check_catalogue(const Policy& policy, Report& report) {
  const Names known(policy.scopes,
                    [](const Scope& scope) -> std::string_view { return scope.name.value; });
  for (const auto& tool : policy.tools)
    check_scopes(tool.needs, known, report);
  for (const auto& role : policy.roles) {
    check_scopes(role.scopes, known, report);
    check_scopes(role.deny, known, report);
  }
  for (const auto& separation : policy.separations) {
    check_scopes(separation.never_both, known, report);
  }
}

/// "a → b → a"; a long one without its middle.
std::string path_text(const Policy& policy, const std::vector<RoleId>& cycle) {
  constexpr std::size_t kMost = 8;
  std::string text;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    if (cycle.size() > kMost && i == kMost - 2) {
      text += "… → ";
      i = cycle.size() - 2;
      continue;
    }
    text += policy.roles[cycle[i]].name.value + " → ";
  }
  return text + policy.roles[cycle.front()].name.value;
}

void check_cycles(const Policy& policy, const Names& roles, Report& report) {
  Parents parents(policy.roles.size());
  for (RoleId id = 0; id < policy.roles.size(); ++id) {
    for (const auto& parent : policy.roles[id].inherits) {
      if (const auto* found = roles.find(parent.value)) parents[id].push_back(*found);
    }
  }
  for (const auto& cycle : sort_inheritance(parents).cycles) {
    const auto& first = policy.roles[cycle.front()];
    const auto& next = policy.roles[cycle[cycle.size() > 1 ? 1 : 0]].name.value;
    const auto edge = std::ranges::find(first.inherits, next, &Text::value);
    report.add(edge->place.span,
               "role `" + first.name.value + "` inherits itself: " + path_text(policy, cycle),
               "take one of these roles out of the other's `inherits`");
  }
}

void check_separations(const Policy& policy, Report& report) {
  std::unordered_set<std::string_view> seen;
  for (const auto& separation : policy.separations) {
    const auto& name = separation.name;
    if (name.value.empty() || seen.insert(name.value).second) continue;
    report.add(name.place.span, "separation `" + name.value + "` is defined a second time",
               "give it another name");
  }
}

}  // namespace

void check_names(const Policy& policy, Report& report) {
  const Names roles(policy.roles,
                    [](const Role& role) -> std::string_view { return role.name.value; });
  for (const auto& role : policy.roles) {
    for (const auto& parent : role.inherits)
      check_role(parent, roles, report);
  }
  for (const auto& grant : policy.grants)
    check_role(grant.role, roles, report);
  if (policy.has_scope_catalogue) check_catalogue(policy, report);
  check_cycles(policy, roles, report);
  check_separations(policy, report);
}

}  // namespace mcpauth::policy
