#include "core/policy/analysis/explain.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/policy/engine/pattern.hpp"

namespace mcpauth::policy::analysis {
namespace {

using policy::Engine;
using policy::Grant;
using policy::Policy;
using policy::Principal;
using policy::Role;
using policy::Text;

constexpr std::size_t kMostRoutes = 50;    // shown for one scope
constexpr std::size_t kMostGrants = 1000;  // a hostile policy may have more for one group

struct NamedGrant {
  std::string group;
  const Grant* grant;
};

/// The grants that name a group of the principal, whether or not they apply.
std::vector<NamedGrant> naming(const Policy& policy, const Principal& principal) {
  std::vector<NamedGrant> out;
  const std::unordered_set<std::string_view> groups(principal.groups.begin(),
                                                    principal.groups.end());
  std::unordered_set<std::string_view> done;  // groups of this grant
  for (const auto& grant : policy.grants) {
    if (!done.empty()) done.clear();
    for (const auto& group : grant.groups) {
      if (!groups.contains(group.value) || !done.insert(group.value).second) continue;
      if (out.size() < kMostGrants) out.push_back({group.value, &grant});
    }
  }
  return out;
}

/// Which of the grants apply. The Engine says so itself: it is asked about a policy in which each
/// grant has a role of its own.
std::vector<bool> applying(const Engine& engine, const Principal& principal,
                           const std::vector<NamedGrant>& named, Instant now) {
  Policy probe;
  probe.orgs = engine.policy().orgs;
  for (std::size_t i = 0; i < named.size(); ++i) {
    Role role;
    role.name.value = std::to_string(i);
    probe.roles.push_back(role);
    Grant grant = *named[i].grant;
    grant.role.value = role.name.value;
    grant.groups = {Text{.value = named[i].group, .place = {}}};
    probe.grants.push_back(std::move(grant));
  }
  const Engine asked(std::move(probe));
  std::vector<bool> out(named.size());
  for (const auto& held : asked.roles(principal, now)) {
    out[static_cast<std::size_t>(held.role - asked.policy().roles.data())] = true;
  }
  return out;
}

UnappliedGrant::Why why_unapplied(const Grant& grant, const Principal& principal, Instant now) {
  if (grant.org && grant.org->value != principal.org) return UnappliedGrant::Why::other_org;
  if (grant.until && now >= *grant.until) return UnappliedGrant::Why::expired;
  return UnappliedGrant::Why::idp;
}

/// A role and all that it inherits, each once and with a shortest way to it. Nearest first.
struct Reach {
  struct Step {
    const Role* role;
    std::size_t from;  ///< position of a role that inherits it; for the first, its own
  };
  std::vector<Step> steps;

  std::vector<const Role*> way(std::size_t to) const {
    std::vector<const Role*> out{steps[to].role};
    for (; to != steps[to].from; to = steps[to].from)
      out.push_back(steps[steps[to].from].role);
    std::ranges::reverse(out);
    return out;
  }
};

using RolesByName = std::unordered_map<std::string_view, const Role*>;

Reach reach_of(const RolesByName& roles, const std::string& name) {
  Reach out;
  const auto first = roles.find(name);
  if (first == roles.end()) return out;
  std::unordered_set<const Role*> seen{first->second};
  out.steps.push_back({first->second, 0});
  for (std::size_t at = 0; at < out.steps.size(); ++at) {
    for (const auto& parent : out.steps[at].role->inherits) {
      const auto next = roles.find(parent.value);
      if (next != roles.end() && seen.insert(next->second).second)
        out.steps.push_back({next->second, at});
    }
  }
  return out;
}

/// Finds every way from the grants to patterns that match a scope.
class Tracer {
 public:
  Tracer(const Policy& policy, const std::vector<AppliedGrant>& applied) : applied_(applied) {
    RolesByName roles;
    for (const auto& role : policy.roles)
      roles.try_emplace(role.name.value, &role);
    for (const auto& one : applied) {
      const auto& role = one.grant->role.value;
      if (!reached_.contains(role)) reached_.emplace(role, reach_of(roles, role));
    }
  }

  void trace(ScopeTrace& out, const policy::Evidence* decisive) const {
    for (const bool is_deny : {true, false}) {
      std::unordered_map<std::string_view, std::vector<Hit>> hits;
      for (const auto& [role, reach] : reached_)
        hits.emplace(role, hits_of(reach, out.scope, is_deny));
      for (const auto& one : applied_) {
        for (const auto& hit : hits.at(one.grant->role.value))
          add(out, one, hit, is_deny, decisive);
      }
    }
  }

 private:
  struct Hit {
    std::size_t step;
    const Text* pattern;
  };

  static std::vector<Hit> hits_of(const Reach& reach, const std::string& scope, bool is_deny) {
    std::vector<Hit> out;
    for (std::size_t i = 0; i < reach.steps.size(); ++i) {
      const auto& role = *reach.steps[i].role;
      for (const auto& pattern : is_deny ? role.deny : role.scopes) {
        if (policy::scope_matches(pattern.value, scope)) out.push_back({i, &pattern});
      }
    }
    return out;
  }

  void add(ScopeTrace& out, const AppliedGrant& applied, const Hit& hit, bool is_deny,
           const policy::Evidence* decisive) const {
    if (out.routes.size() >= kMostRoutes) {
      ++out.more;
      return;
    }
    out.routes.push_back({.group = applied.group,
                          .grant = applied.grant,
                          .roles = reached_.at(applied.grant->role.value).way(hit.step),
                          .pattern = hit.pattern,
                          .is_deny = is_deny,
                          .decides = decisive != nullptr && decisive->pattern == hit.pattern &&
                                     decisive->grant == applied.grant});
  }

  const std::vector<AppliedGrant>& applied_;
  std::unordered_map<std::string_view, Reach> reached_;  // by the role granted
};

void add_grants(Explanation& out, const Engine& engine, const Principal& principal, Instant now) {
  const auto named = naming(engine.policy(), principal);
  const auto applies = applying(engine, principal, named, now);
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (applies[i]) {
      out.applied.push_back({.group = named[i].group, .grant = named[i].grant});
    } else {
      out.unapplied.push_back({.group = named[i].group,
                               .grant = named[i].grant,
                               .why = why_unapplied(*named[i].grant, principal, now)});
    }
  }
}

}  // namespace

policy::Decision ask(const Engine& engine, const Question& question, Instant now) {
  return question.is_tool ? engine.tool(question.principal, question.asked, now)
                          : engine.scopes(question.principal, {question.asked}, now);
}

Explanation explain(const Engine& engine, const Question& question, Instant now) {
  Explanation out{.decision = ask(engine, question, now)};
  add_grants(out, engine, question.principal, now);
  std::vector<std::string> scopes;
  if (question.is_tool) {
    scopes = engine.needs(question.asked).value_or(scopes);
  } else if (!policy::scope_fault(question.asked, policy::Wildcards::no)) {
    scopes.push_back(question.asked);
  }
  const Tracer tracer(engine.policy(), out.applied);
  const auto standing = engine.standing(question.principal, scopes, now);
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    // A denial has evidence for the failing scopes only, so each scope is asked about alone.
    const auto alone = engine.scopes(question.principal, {scopes[i]}, now);
    auto& trace = out.scopes.emplace_back();
    trace.scope = scopes[i];
    trace.standing = standing[i];
    tracer.trace(trace, alone.evidence.empty() ? nullptr : &alone.evidence.front());
  }
  return out;
}

}  // namespace mcpauth::policy::analysis
