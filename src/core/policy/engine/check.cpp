#include "core/policy/engine/check.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/codec/format.hpp"
#include "core/policy/engine/inheritance.hpp"
#include "core/policy/engine/pattern.hpp"

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
  report.add_unknown(rule::kUndefinedRole, role.place,
                     text::format("role `{}` is not defined", role.value), role.value, roles.list(),
                     text::format("add [roles.{}]", role.value));
}

void check_scopes(const std::vector<Text>& scopes, const Names& known, Report& report) {
  for (const auto& scope : scopes) {
    if (!is_concrete(scope.value) || known.find(scope.value) != nullptr) continue;
    if (scope_fault(scope.value, Wildcards::no)) continue;  // its form is reported elsewhere
    report.add_unknown(rule::kUndefinedScope, scope.place,
                       text::format("scope `{}` is not in [scopes]", scope.value), scope.value,
                       known.list(), "add it to [scopes]");
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

/// "a → b → a". The middle of a long cycle is left out.
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
    report.add(
        rule::kInheritanceCycle, edge->place,
        text::format("role `{}` inherits itself: {}", first.name.value, path_text(policy, cycle)),
        "remove one of these roles from the `inherits` of another");
  }
}

/// Reports what is defined in two files. Within one file, TOML itself refuses it.
template <class Items, class NameOf>
void check_duplicates(const Items& items, std::string_view what, NameOf name_of, Report& report) {
  std::unordered_map<std::string_view, const Text*> seen;
  for (const auto& item : items) {
    const Text& name = name_of(item);
    if (name.value.empty()) continue;
    const auto [first, is_new] = seen.try_emplace(name.value, &name);
    if (is_new) continue;
    auto& fault = report.add(rule::kDuplicateDefinition, name.place,
                             text::format("{} `{}` is defined a second time", what, name.value),
                             "keep one of the two");
    fault.related.push_back({first->second->place, "defined here first"});
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
  const auto name_of = [](const auto& item) -> const Text& { return item.name; };
  check_duplicates(policy.scopes, "scope", name_of, report);
  check_duplicates(
      policy.tools, "tool", [](const Tool& tool) -> const Text& { return tool.pattern; }, report);
  check_duplicates(policy.roles, "role", name_of, report);
  check_duplicates(policy.orgs, "org", name_of, report);
  check_duplicates(policy.separations, "separation", name_of, report);
}

}  // namespace mcpauth::policy
