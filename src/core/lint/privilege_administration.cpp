#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/lint/privilege.hpp"
#include "core/lint/reach.hpp"
#include "core/policy/pattern.hpp"

namespace mcpauth::lint {
namespace {

using analysis::RoleId;
using policy::Standing;
using policy::Text;

constexpr std::string_view kOurs = "mcpauth:";

/// What the scopes are good for that this program itself asks for.
struct Power {
  std::string_view scope;
  std::string_view does;
};
constexpr auto kPowers = std::to_array<Power>({{"mcpauth:mint", "mint tokens"},
                                               {"mcpauth:policy:write", "change the policy"},
                                               {"mcpauth:vault:read", "read secrets"},
                                               {"mcpauth:audit:clear", "clear the audit log"}});

std::string_view does(std::string_view scope) {
  for (const auto& power : kPowers) {
    if (scope.starts_with(power.scope.substr(0, power.scope.find(':', kOurs.size())))) return power.does;
  }
  return "administer";
}

/// The administrative scopes, and who is allowed them.
class Administration {
 public:
  Administration(const Subject& subject, const Sums& sums) : subject_(subject), sums_(sums) {
    for (std::uint32_t i = 0; i < sums.effective.scopes.size(); ++i) {
      if (sums.effective.scopes[i].starts_with(kOurs)) known_.push_back(i);
    }
    if (sums.policy.has_scope_catalogue) return;
    // Without a catalogue those of this program are there whether they are named or not.
    for (const auto& power : kPowers) {
      if (!std::ranges::binary_search(sums.effective.scopes, power.scope)) unnamed_.emplace_back(power.scope);
    }
  }

  /// The first such scope that the pattern matches, or empty.
  std::vector<std::string_view> matched(const std::string& pattern) const {
    std::vector<std::string_view> out;
    const auto look = [&](std::string_view scope) {
      if (policy::scope_matches(pattern, scope)) out.push_back(scope);
    };
    if (pattern.starts_with('*') || pattern.starts_with(kOurs)) {
      for (const auto i : known_)
        look(sums_.effective.scopes[i]);
      for (const auto& scope : unnamed_)
        look(scope);
    }
    return out;
  }

  bool is_allowed(std::size_t kind, std::string_view scope) const {
    const auto at = std::ranges::lower_bound(sums_.effective.scopes, scope);
    if (at != sums_.effective.scopes.end() && *at == scope) {
      const auto i = static_cast<std::size_t>(at - sums_.effective.scopes.begin());
      return sums_.effective.kinds[kind].standing[i] == Standing::allowed;
    }
    const auto& member = sums_.effective.members[sums_.effective.kinds[kind].members.front()];
    return subject_.engine->standing(analysis::principal_of(member), {std::string(scope)},
                                     subject_.inputs.now)[0] == Standing::allowed;
  }
  bool is_allowed_to_somebody(std::string_view scope) const {
    for (std::size_t kind = 0; kind < sums_.effective.kinds.size(); ++kind) {
      if (is_allowed(kind, scope)) return true;
    }
    return false;
  }
  const std::vector<std::uint32_t>& known() const { return known_; }

 private:
  const Subject& subject_;
  const Sums& sums_;
  std::vector<std::uint32_t> known_;   // positions in the universe
  std::vector<std::string> unnamed_;
};

/// An allow that gives an administrative scope.
struct Giving {
  RoleId role;
  const Text* entry;
  std::vector<std::string_view> scopes;
};

std::vector<Giving> giving(const Sums& sums, const Administration& administration) {
  std::unordered_map<std::string_view, std::vector<std::string_view>> by_pattern;
  std::vector<Giving> out;
  for (RoleId id = 0; id < sums.policy.roles.size(); ++id) {
    for (const auto& entry : sums.policy.roles[id].scopes) {
      const auto [known, is_new] = by_pattern.try_emplace(entry.value);
      if (is_new) known->second = administration.matched(entry.value);
      if (!known->second.empty()) out.push_back({id, &entry, known->second});
    }
  }
  return out;
}

/// The kinds of each role that gives something, so that no other role costs anything.
std::unordered_map<const policy::Role*, std::vector<std::size_t>> kinds_of(
    const Sums& sums, const std::vector<Giving>& all) {
  std::unordered_map<const policy::Role*, std::vector<std::size_t>> out;
  for (const auto& each : all)
    out[&sums.policy.roles[each.role]];
  for (std::size_t kind = 0; kind < sums.effective.kinds.size(); ++kind) {
    for (const auto& held : sums.effective.kinds[kind].roles) {
      if (const auto found = out.find(held.role); found != out.end()) found->second.push_back(kind);
    }
  }
  return out;
}

void report(const Sums& sums, const Giving& giving, std::string_view scope,
            std::optional<std::size_t> kind, Findings& findings) {
  const auto& role = sums.policy.roles[giving.role];
  auto& finding = findings.add(
      "policy-admin-grant", giving.entry->place,
      "role `" + role.name.value + "` gives `" + std::string(scope) + "`" +
          (giving.entry->value == scope ? "" : " by `" + giving.entry->value + "`") +
          ": whoever holds it may " + std::string(does(scope)));
  finding.label = "administers mcpauth itself";
  if (kind) {
    const auto& of = sums.effective.kinds[*kind];
    const auto held = std::ranges::find(of.roles, &role, &policy::HeldRole::role);
    const auto& group = sums.effective.members[of.members.front()].group;
    if (held != of.roles.end() && held->grant != nullptr) {
      finding.related.push_back({held->grant->place, "given to " + group + " here"});
      if (const auto granted = sums.graph.find(held->grant->role.value))
        finding.why = chain(sums.graph, sums.policy, group, *granted, giving.role, giving.entry->value);
    }
  }
  finding.hint = "keep it to a role of its own for as few as can be, and say so with a suppression "
                 "that has a reason";
  finding.path = entry_path(role, "scopes", giving.entry->value);
}

void check_grants(const Sums& sums, const Administration& administration,
                  const std::vector<Giving>& all, Findings& findings) {
  const auto kinds = kinds_of(sums, all);
  std::size_t left = 5'000'000;  // kinds times scopes
  for (const auto& each : all) {
    if (each.entry->value == "*" || each.entry->value == "**") continue;  // reported as that
    const auto& holders = kinds.at(&sums.policy.roles[each.role]);
    if (holders.empty() && each.entry->value.starts_with(kOurs))
      report(sums, each, each.scopes.front(), std::nullopt, findings);
    bool is_found = false;
    for (std::size_t i = 0; i < holders.size() && !is_found; ++i) {
      for (const auto scope : each.scopes) {
        if (left == 0) {
          findings.not_judged("policy-admin-grant", std::string(kTooLarge));
          return;
        }
        --left;
        is_found = administration.is_allowed(holders[i], scope);
        if (!is_found) continue;
        report(sums, each, scope, holders[i], findings);
        break;
      }
    }
  }
}

/// Where a scope is named first: where a role allows it, in the catalogue, or by a tool.
struct Naming {
  std::string_view scope;
  const Text* text;
  std::optional<RoleId> role;
};

/// The scopes by which the policy itself is administered, or, where it names none of these, all
/// that are ours; only where something more than a deny names them.
std::vector<Naming> administrative(const Sums& sums, const std::vector<Giving>& all) {
  std::vector<Naming> out;
  for (const auto& each : all) {
    if (!each.entry->value.starts_with(kOurs)) continue;
    for (const auto scope : each.scopes)
      out.push_back({scope, each.entry, each.role});
  }
  for (const auto& scope : sums.policy.scopes) {
    if (scope.name.value.starts_with(kOurs)) out.push_back({scope.name.value, &scope.name, {}});
  }
  for (const auto& tool : sums.policy.tools) {
    for (const auto& need : tool.needs) {
      if (need.value.starts_with(kOurs)) out.push_back({need.value, &need, {}});
    }
  }
  const auto is_other = [](const Naming& naming) { return !naming.scope.starts_with("mcpauth:policy:"); };
  if (!std::ranges::all_of(out, is_other)) std::erase_if(out, is_other);
  return out;
}

void check_lockout(const Subject& subject, const Sums& sums, const Administration& administration,
                   const std::vector<Giving>& all, Findings& findings) {
  const auto named = administrative(sums, all);
  std::unordered_map<std::string_view, bool> seen;
  for (const auto& naming : named) {
    if (!seen.try_emplace(naming.scope).second) continue;
    if (administration.is_allowed_to_somebody(naming.scope)) return;
  }
  if (named.empty()) return;
  const auto& first = named.front();
  auto& finding = findings.add("admin-lockout", first.text->place,
                               "nobody may " + std::string(does(first.scope)) + ": no group is allowed `" +
                                   std::string(first.scope) + "`");
  finding.label = "allowed to nobody";
  finding.hint = "grant a role that allows it before the last one who can administer is locked out";
  finding.path = first.role ? entry_path(sums.policy.roles[*first.role], "scopes", first.text->value)
                            : "scopes[\"" + first.text->value + "\"]";
  if (!first.role) return;
  for (const auto& grant : sums.policy.grants) {
    const auto granted = sums.graph.find(grant.role.value);
    if (!grant.until || *grant.until > subject.inputs.now || !granted) continue;
    if (sums.graph.path(*granted, *first.role).empty()) continue;
    finding.related.push_back({grant.place, "this grant has expired"});
    break;
  }
}

}  // namespace

void check_administration(const Subject& subject, const Sums& sums, Findings& findings) {
  if (!sums.is_exact) {
    for (const std::string_view rule : {"policy-admin-grant", "admin-lockout"})
      findings.not_judged(rule, std::string(kTooLarge));
    return;
  }
  const Administration administration(subject, sums);
  const auto all = giving(sums, administration);
  check_grants(sums, administration, all, findings);
  check_lockout(subject, sums, administration, all, findings);
}

}  // namespace mcpauth::lint
