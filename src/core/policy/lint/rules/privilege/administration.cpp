#include "core/policy/lint/rules/privilege/administration.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace mcpauth::policy::lint {
namespace {

using analysis::RoleId;
using policy::Standing;

/// The scopes that mcpauth itself asks for.
struct Power {
  std::string_view scope;
  std::string_view does;
};
constexpr auto kPowers = std::to_array<Power>({{"mcpauth:mint", "mint tokens"},
                                               {"mcpauth:policy:write", "change the policy"},
                                               {"mcpauth:vault:read", "read secrets"},
                                               {"mcpauth:audit:clear", "clear the audit log"}});

}  // namespace

std::string_view power_of(std::string_view scope) {
  for (const auto& power : kPowers) {
    if (scope.starts_with(power.scope.substr(0, power.scope.find(':', kAdministrative.size()))))
      return power.does;
  }
  return "administer";
}

Administration::Administration(const Subject& subject, const PolicyFacts& facts)
    : subject_(subject), facts_(facts), of_cell_(facts.table.size()) {
  const auto& scopes = facts.effective.scopes;
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    const auto cell = facts.table.cell_of()[i];
    if (!scopes[i].starts_with(kAdministrative) || cell == analysis::PatternTable::kNone) continue;
    if (of_cell_[cell].empty()) of_cell_[cell] = scopes[i];
  }
  if (facts.policy.has_scope_catalogue) return;
  // Without a catalogue, the administrative scopes of this program exist even if no entry names
  // them.
  for (const auto& power : kPowers) {
    if (!std::ranges::binary_search(scopes, power.scope)) unnamed_.push_back(power.scope);
  }
}

bool Administration::is_allowed(std::size_t kind, std::string_view scope) const {
  const auto& of = facts_.effective.classes[kind];
  const auto at = std::ranges::lower_bound(facts_.effective.scopes, scope);
  if (at != facts_.effective.scopes.end() && *at == scope) {
    const auto i = static_cast<std::size_t>(at - facts_.effective.scopes.begin());
    return of.standing[i] == Standing::allowed;
  }
  const auto principal = analysis::principal_of(facts_.effective.groups[of.groups.front()]);
  return subject_.engine->standing(principal, {std::string(scope)}, subject_.inputs.now)[0] ==
         Standing::allowed;
}

std::vector<AdministrativeEntry> Administration::entries() const {
  std::unordered_map<std::string_view, bool> known;
  std::vector<AdministrativeEntry> out;
  for (RoleId id = 0; id < facts_.policy.roles.size(); ++id) {
    for (const auto& entry : facts_.policy.roles[id].scopes) {
      const auto [gives, is_new] = known.try_emplace(entry.value, false);
      if (is_new) each(entry, [&](auto) { return !(gives->second = true); });
      if (gives->second) out.push_back({id, &entry});
    }
  }
  return out;
}

}  // namespace mcpauth::policy::lint
