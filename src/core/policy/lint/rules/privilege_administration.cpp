#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "core/policy/engine/pattern.hpp"
#include "core/policy/lint/rules/privilege.hpp"
#include "core/policy/lint/rules/reach.hpp"

namespace mcpauth::policy::lint {
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
    if (scope.starts_with(power.scope.substr(0, power.scope.find(':', kOurs.size()))))
      return power.does;
  }
  return "administer";
}

/// The administrative scopes, and who is allowed them.
class Administration {
 public:
  Administration(const Subject& subject, const Sums& sums)
      : subject_(subject), sums_(sums), of_cell_(sums.table.size()) {
    const auto& scopes = sums.effective.scopes;
    for (std::size_t i = 0; i < scopes.size(); ++i) {
      const auto cell = sums.table.cell_of()[i];
      if (!scopes[i].starts_with(kOurs) || cell == analysis::PatternTable::kNone) continue;
      if (of_cell_[cell].empty()) of_cell_[cell] = scopes[i];
    }
    if (sums.policy.has_scope_catalogue) return;
    // Without a catalogue those of this program are there whether they are named or not.
    for (const auto& power : kPowers) {
      if (!std::ranges::binary_search(scopes, power.scope)) unnamed_.push_back(power.scope);
    }
  }

  /// Calls `visit` with such scopes that the pattern matches, of those that are judged alike with
  /// one of them, until it returns false.
  template <class Visit>
  void each(const Text& pattern, Visit visit) const {
    if (!pattern.value.starts_with('*') && !pattern.value.starts_with(kOurs)) return;
    for (const auto cell : sums_.table.cells(pattern.value)) {
      if (!of_cell_[cell].empty() && !visit(of_cell_[cell])) return;
    }
    for (const auto scope : unnamed_) {
      if (policy::scope_matches(pattern.value, scope) && !visit(scope)) return;
    }
  }

  bool is_allowed(std::size_t kind, std::string_view scope) const {
    const auto& of = sums_.effective.classes[kind];
    const auto at = std::ranges::lower_bound(sums_.effective.scopes, scope);
    if (at != sums_.effective.scopes.end() && *at == scope) {
      const auto i = static_cast<std::size_t>(at - sums_.effective.scopes.begin());
      return of.standing[i] == Standing::allowed;
    }
    const auto principal = analysis::principal_of(sums_.effective.groups[of.groups.front()]);
    return subject_.engine->standing(principal, {std::string(scope)}, subject_.inputs.now)[0] ==
           Standing::allowed;
  }

 private:
  const Subject& subject_;
  const Sums& sums_;
  std::vector<std::string_view> of_cell_;  // the first such scope of each; empty: none
  std::vector<std::string_view> unnamed_;
};

/// An allow that gives an administrative scope.
struct Giving {
  RoleId role;
  const Text* entry;
};

std::vector<Giving> giving(const Sums& sums, const Administration& administration) {
  std::unordered_map<std::string_view, bool> known;
  std::vector<Giving> out;
  for (RoleId id = 0; id < sums.policy.roles.size(); ++id) {
    for (const auto& entry : sums.policy.roles[id].scopes) {
      const auto [gives, is_new] = known.try_emplace(entry.value, false);
      if (is_new) administration.each(entry, [&](auto) { return !(gives->second = true); });
      if (gives->second) out.push_back({id, &entry});
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
  for (std::size_t kind = 0; kind < sums.effective.classes.size(); ++kind) {
    for (const auto& held : sums.effective.classes[kind].roles) {
      if (const auto found = out.find(held.role); found != out.end()) found->second.push_back(kind);
    }
  }
  return out;
}

void report(const Sums& sums, const Giving& giving, std::string_view scope,
            std::optional<std::size_t> kind, Findings& findings) {
  const auto& role = sums.policy.roles[giving.role];
  auto& finding =
      findings.add("policy-admin-grant", giving.entry->place,
                   "role `" + role.name.value + "` gives `" + std::string(scope) + "`" +
                       (giving.entry->value == scope ? "" : " by `" + giving.entry->value + "`") +
                       ": whoever holds it may " + std::string(does(scope)));
  finding.label = "administers mcpauth itself";
  if (kind) {
    const auto& of = sums.effective.classes[*kind];
    const auto held = std::ranges::find(of.roles, &role, &policy::HeldRole::role);
    const auto& group = sums.effective.groups[of.groups.front()].name;
    if (held != of.roles.end() && held->grant != nullptr) {
      finding.related.push_back({held->grant->place, "given to " + group + " here"});
      if (const auto granted = sums.graph.find(held->grant->role.value))
        finding.why =
            chain(sums.graph, sums.policy, group, *granted, giving.role, giving.entry->value);
    }
  }
  finding.hint =
      "keep it to a role of its own for as few as can be, and say so with a suppression "
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
    bool is_found = false;
    administration.each(*each.entry, [&](std::string_view scope) {
      if (holders.empty() && each.entry->value.starts_with(kOurs)) {
        report(sums, each, scope, std::nullopt, findings);
        return false;
      }
      for (auto kind = holders.begin(); kind != holders.end() && left > 0 && !is_found; ++kind) {
        --left;
        is_found = administration.is_allowed(*kind, scope);
        if (is_found) report(sums, each, scope, *kind, findings);
      }
      return !is_found && left > 0;
    });
    if (left > 0) continue;
    findings.not_judged("policy-admin-grant", std::string(kTooLarge));
    return;
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
std::vector<Naming> administrative(const Sums& sums, const Administration& administration,
                                   const std::vector<Giving>& all) {
  std::vector<Naming> out;
  std::unordered_set<std::string_view> seen;
  const auto add = [&](std::string_view scope, const Text& text, std::optional<RoleId> role) {
    if (scope.starts_with(kOurs) && seen.insert(scope).second) out.push_back({scope, &text, role});
  };
  std::unordered_set<std::string_view> patterns;
  for (const auto& each : all) {
    if (!each.entry->value.starts_with(kOurs) || !patterns.insert(each.entry->value).second)
      continue;
    administration.each(*each.entry, [&](std::string_view scope) {
      add(scope, *each.entry, each.role);
      return true;
    });
  }
  for (const auto& scope : sums.policy.scopes)
    add(scope.name.value, scope.name, {});
  for (const auto& tool : sums.policy.tools) {
    for (const auto& need : tool.needs)
      add(need.value, need, {});
  }
  const auto is_other = [](const Naming& naming) {
    return !naming.scope.starts_with("mcpauth:policy:");
  };
  if (!std::ranges::all_of(out, is_other)) std::erase_if(out, is_other);
  return out;
}

/// Whether some group is allowed one of them; nothing where there are too many to ask about.
std::optional<bool> is_held(const Sums& sums, const Administration& administration,
                            const std::vector<Naming>& named) {
  std::size_t left = 20'000'000;
  for (const auto& naming : named) {
    for (std::size_t kind = 0; kind < sums.effective.classes.size(); ++kind) {
      if (administration.is_allowed(kind, naming.scope)) return true;
      if (--left == 0) return std::nullopt;
    }
  }
  return false;
}

/// A grant that led to the role until it expired, or null.
const policy::Grant* expired_grant(const Subject& subject, const Sums& sums, RoleId role) {
  const auto above = sums.graph.inheriting({role});
  for (const auto& grant : sums.policy.grants) {
    const auto granted = sums.graph.find(grant.role.value);
    if (granted && above[*granted] && grant.until && *grant.until <= subject.inputs.now)
      return &grant;
  }
  return nullptr;
}

void check_lockout(const Subject& subject, const Sums& sums, const Administration& administration,
                   const std::vector<Giving>& all, Findings& findings) {
  const auto named = administrative(sums, administration, all);
  if (named.empty()) return;
  const auto held = is_held(sums, administration, named);
  if (!held) findings.not_judged("admin-lockout", std::string(kTooLarge));
  if (!held || *held) return;
  const auto& first = named.front();
  auto& finding = findings.add("admin-lockout", first.text->place,
                               "nobody may " + std::string(does(first.scope)) +
                                   ": no group is allowed `" + std::string(first.scope) + "`");
  finding.label = "allowed to nobody";
  finding.hint = "grant a role that allows it before the last one who can administer is locked out";
  finding.path = first.role
                     ? entry_path(sums.policy.roles[*first.role], "scopes", first.text->value)
                     : "scopes[\"" + first.text->value + "\"]";
  const auto* expired = first.role ? expired_grant(subject, sums, *first.role) : nullptr;
  if (expired != nullptr) finding.related.push_back({expired->place, "this grant has expired"});
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

}  // namespace mcpauth::policy::lint
