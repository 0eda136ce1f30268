#include "core/policy/analysis/who_can.hpp"

#include <algorithm>
#include <map>

#include "core/policy/analysis/effective.hpp"
#include "core/policy/analysis/witness_tools.hpp"

namespace mcpauth::policy::analysis {
namespace {

using policy::Engine;

std::vector<DeniedTo> denied_to(const Engine& engine, const std::vector<std::string>& scopes,
                                Instant now) {
  const policy::Policy* const one = &engine.policy();
  std::vector<DeniedTo> out;
  if (most_org_groups({&one, 1}) > kMostOrgGroups)
    return out;  // `may` says already that it is not exact
  const auto effective = effective_of(engine, org_groups_of({&one, 1}), scopes, now);
  const auto own = own_orgs(effective.groups);
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    std::map<const policy::Text*, DeniedTo> by_rule;
    for (const auto& group_class : effective.classes) {
      if (group_class.standing[i] != policy::Standing::denied) continue;
      const auto& first = effective.groups[group_class.groups.front()];
      const auto decision = engine.scopes(principal_of(first), {scopes[i]}, now);
      const auto& evidence = decision.evidence.front();
      auto& denied = by_rule[evidence.pattern];
      denied.scope = scopes[i];
      denied.role = evidence.role;
      denied.pattern = evidence.pattern;
      for (const auto group : group_class.groups)
        denied.groups.push_back(effective.groups[group]);
    }
    for (auto& [pattern, denied] : by_rule) {
      set_exceptions(denied.groups, own);
      out.push_back(std::move(denied));
    }
  }
  return out;
}

}  // namespace

WhoCan who_can(const Engine& engine, const Item& item, Instant now) {
  WhoCan out{.needs = std::vector{item.name}, .may = reach(engine, item, now), .denied = {}};
  if (item.is_tool) out.needs = engine.needs(item.name);
  if (out.needs) out.denied = denied_to(engine, *out.needs, now);
  return out;
}

Powers powers_of(const Engine& engine, const policy::Principal& principal, Instant now) {
  Powers out{.roles = engine.roles(principal, now),
             .tools = {},
             .scopes = engine.held_scopes(principal, now),
             .ttl = {}};
  const policy::Policy* const one = &engine.policy();
  const auto tools = witness_tools({&one, 1});
  out.is_complete = tools.is_complete;
  for (const auto& name : tools.names) {
    const auto decision = engine.tool(principal, name, now);
    const std::string pattern = decision.tool == nullptr ? "" : decision.tool->pattern.value;
    out.tools.push_back(
        {.tool = {.name = name, .is_tool = true, .pattern = pattern == name ? "" : pattern},
         .is_allowed = decision.allowed,
         .reason = decision.reason,
         .needs = engine.needs(name).value_or(std::vector<std::string>())});
    out.ttl = decision.ttl;
  }
  return out;
}

}  // namespace mcpauth::policy::analysis
