#include "core/policy/analysis/edits.hpp"

#include <algorithm>
#include <set>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/list.hpp"

namespace mcpauth::policy::analysis {
namespace {

using policy::Engine;
using policy::Grant;
using policy::Place;
using policy::Policy;
using policy::Principal;
using policy::Role;
using policy::Text;
using Strings = std::vector<std::string>;

constexpr std::size_t kFewRoles = 4;
constexpr std::size_t kFewGroups = 3;
constexpr std::size_t kFewNeeds = 4;
constexpr std::size_t kMostOfAKind = 8;

/// "\"a\", \"b\"": the items of a TOML list. A basic string of TOML is written like one of JSON.
std::string toml_items(const Strings& items) {
  Strings quoted;
  std::ranges::transform(items, std::back_inserter(quoted), json::quote);
  return text::join(quoted, ", ");
}

Text text_of(std::string value) {
  return {.value = std::move(value), .place = {}};
}

bool same(const Place& a, const Place& b) {
  return a.file == b.file && a.span.line == b.span.line && a.span.column == b.span.column;
}

Grant* grant_at(Policy& policy, const Place& place) {
  const auto found =
      std::ranges::find_if(policy.grants, [&](const Grant& g) { return same(g.place, place); });
  return found == policy.grants.end() ? nullptr : &*found;
}

Role* role_named(Policy& policy, const std::string& name) {
  const auto found =
      std::ranges::find_if(policy.roles, [&](const Role& r) { return r.name.value == name; });
  return found == policy.roles.end() ? nullptr : &*found;
}

Edit renew(const Grant& grant) {
  return {.text = text::format("give the grant of role `{}` a later `expires`", grant.role.value),
          .place = grant.place,
          .apply = [place = grant.place](Policy& policy) {
            if (auto* found = grant_at(policy, place)) found->until.reset();
          }};
}

Edit accept_idp(const policy::Org& org, const std::string& idp) {
  return {.text = text::format("accept groups of the IdP `{}` in org `{}`: add it to `idps`", idp,
                               org.name.value),
          .place = org.name.place,
          .apply = [name = org.name.value, idp](Policy& policy) {
            for (auto& one : policy.orgs) {
              if (one.name.value == name && one.idps) one.idps->push_back(text_of(idp));
            }
          }};
}

Edit remove_deny(const Role& role, const Text& pattern) {
  return {.text = text::format("remove `{}` from the `deny` of role `{}`", pattern.value,
                               role.name.value),
          .place = pattern.place,
          .apply = [name = role.name.value, value = pattern.value](Policy& policy) {
            auto* found = role_named(policy, name);
            if (found != nullptr)
              std::erase_if(found->deny, [&](const Text& t) { return t.value == value; });
          }};
}

Edit remove_group(const Grant& grant, const std::string& group) {
  return {.text = text::format("remove `{}` from the grant of role `{}`", group, grant.role.value),
          .place = grant.place,
          .apply = [place = grant.place, group](Policy& policy) {
            auto* found = grant_at(policy, place);
            if (found != nullptr)
              std::erase_if(found->groups, [&](const Text& t) { return t.value == group; });
          }};
}

Edit add_scopes(const Role& role, const Strings& scopes) {
  return {.text = text::format("add {} to the `scopes` of role `{}`",
                               text::some_of(scopes, text::kAll), role.name.value),
          .place = role.place,
          .toml = text::format("scopes = [..., {}]", toml_items(scopes)),
          .apply = [name = role.name.value, scopes](Policy& policy) {
            auto* found = role_named(policy, name);
            if (found == nullptr) return;
            for (const auto& scope : scopes)
              found->scopes.push_back(text_of(scope));
          }};
}

Edit add_deny(const Role& role, const std::string& scope) {
  return {.text = text::format("add `{}` to the `deny` of role `{}`", scope, role.name.value),
          .place = role.place,
          .toml = text::format("deny = [..., {}]", json::quote(scope)),
          .apply = [name = role.name.value, scope](Policy& policy) {
            auto* found = role_named(policy, name);
            if (found != nullptr) found->deny.push_back(text_of(scope));
          }};
}

Edit add_grant(const std::string& role, const std::string& group, const std::string& org) {
  return {.text = text::format("add a grant of role `{}` to `{}` in org `{}`", role, group, org),
          .toml = text::format("[[grant]]\nrole = {}\ngroups = [{}]\norg = {}", json::quote(role),
                               json::quote(group), json::quote(org)),
          .apply = [role, group, org](Policy& policy) {
            Grant grant;
            grant.role = text_of(role);
            grant.groups.push_back(text_of(group));
            grant.org = text_of(org);
            policy.grants.push_back(std::move(grant));
          }};
}

Edit list_tool(const std::string& tool, const Strings& needs) {
  const std::string who = needs.empty()
                              ? "open to everybody who holds a role"
                              : text::format("needing {}", text::some_of(needs, text::kAll));
  return {.text = text::format("list the tool `{}` in [tools], {}", tool, who),
          .toml = text::format("{} = [{}]", json::quote(tool), toml_items(needs)),
          .apply = [tool, needs](Policy& policy) {
            policy::Tool entry;
            entry.pattern = text_of(tool);
            for (const auto& need : needs)
              entry.needs.push_back(text_of(need));
            policy.tools.push_back(std::move(entry));
          }};
}

Edit list_scope(const std::string& scope) {
  return {.text = text::format("list the scope `{}` in [scopes]", scope),
          .toml = text::format("{} = {{}}", json::quote(scope)),
          .apply = [scope](Policy& policy) {
            policy::Scope entry;
            entry.name = text_of(scope);
            policy.scopes.push_back(std::move(entry));
          }};
}

/// Collects edits that could help against one denial.
class Helper {
 public:
  Helper(const Engine& engine, const Question& question, Instant now)
      : engine_(engine),
        question_(question),
        now_(now),
        explanation_(explain(engine, question, now)) {
    for (const auto& trace : explanation_.scopes) {
      if (trace.standing == policy::Standing::absent) absent_.push_back(trace.scope);
    }
  }

  std::vector<Edit> run() {
    if (explanation_.decision.allowed || question_.principal.org.empty()) return {};
    unlisted();
    unapplied_grants();
    denies();
    grants();
    held_roles();
    return std::move(edits_);
  }

 private:
  const Policy& policy() const { return engine_.policy(); }
  const Principal& principal() const { return question_.principal; }

  void unlisted() {
    const auto reason = explanation_.decision.reason;
    if (reason == reason::kUnknownScope) edits_.push_back(list_scope(question_.asked));
    if (reason != reason::kUnknownTool || question_.asked.find('*') != std::string::npos) return;
    const auto server = question_.asked.substr(0, question_.asked.find('/') + 1);
    std::set<Strings> seen;
    for (const auto& tool : policy().tools) {  // as other tools of the server need
      if (!tool.pattern.value.starts_with(server) || seen.size() >= kFewNeeds) continue;
      Strings needs;
      for (const auto& need : tool.needs)
        needs.push_back(need.value);
      if (seen.insert(needs).second) edits_.push_back(list_tool(question_.asked, needs));
    }
    if (seen.insert(Strings()).second) edits_.push_back(list_tool(question_.asked, {}));
  }

  void unapplied_grants() {
    std::set<std::string> idps;
    std::size_t renewed = 0;
    for (const auto& [group, grant, why] : explanation_.unapplied) {
      if (why == UnappliedGrant::Why::expired && renewed++ < kMostOfAKind)
        edits_.push_back(renew(*grant));
    }
    for (const auto& group : principal().groups)
      idps.insert(group.substr(0, group.find(':')));
    for (const auto& org : policy().orgs) {
      if (org.name.value != principal().org || !org.idps) continue;
      for (const auto& idp : idps) {
        if (std::ranges::find(*org.idps, idp, &Text::value) == org.idps->end())
          edits_.push_back(accept_idp(org, idp));
      }
    }
  }

  void denies() {
    std::set<std::pair<const Role*, std::string>> patterns;
    std::set<std::pair<const Grant*, std::string>> grants;
    for (const auto& trace : explanation_.scopes) {
      for (const auto& route : trace.routes) {
        if (!route.is_deny || patterns.size() >= kMostOfAKind) continue;
        if (patterns.insert({route.roles.back(), route.pattern->value}).second)
          edits_.push_back(remove_deny(*route.roles.back(), *route.pattern));
        if (route.grant->place.span.line != 0 && grants.insert({route.grant, route.group}).second)
          edits_.push_back(remove_group(*route.grant, route.group));
      }
    }
  }

  struct Candidate {
    bool helps_alone;
    std::size_t breadth;
    std::size_t role;
  };

  /// What each role would do for the principal. The Engine is asked, with a copy of the policy in
  /// which each role is also granted to a group of its own.
  std::vector<Candidate> roles_that_help() const {
    Policy probe = policy();
    const std::string idp =
        principal().groups.front().substr(0, principal().groups.front().find(':'));
    const auto group_of = [&](std::size_t role) {
      return text::format("{}:\x01probe-{}", idp, role);
    };
    for (std::size_t i = 0; i < probe.roles.size(); ++i)
      add_grant(probe.roles[i].name.value, group_of(i), principal().org).apply(probe);
    const Engine asked(std::move(probe));
    std::vector<Candidate> out;
    for (std::size_t i = 0; i < policy().roles.size(); ++i) {
      Question with = question_;
      with.principal.groups.push_back(group_of(i));
      Principal alone = principal();
      alone.groups = {group_of(i)};
      const bool helps = ask(asked, with, now_).allowed;
      const bool gives = !absent_.empty() && asked.scopes(alone, absent_, now_).allowed;
      if (!helps && !gives) continue;
      out.push_back({helps, asked.held_scopes(alone, now_).size(), i});
    }
    std::ranges::sort(out, [](const Candidate& a, const Candidate& b) {
      return std::tuple(!a.helps_alone, a.breadth, a.role) <
             std::tuple(!b.helps_alone, b.breadth, b.role);
    });
    if (out.size() > kFewRoles) out.resize(kFewRoles);
    return out;
  }

  void grants() {
    if (principal().groups.empty()) return;
    Strings groups = principal().groups;
    if (groups.size() > kFewGroups) groups.resize(kFewGroups);
    for (const auto& candidate : roles_that_help()) {
      for (const auto& group : groups)
        edits_.push_back(
            add_grant(policy().roles[candidate.role].name.value, group, principal().org));
    }
  }

  void held_roles() {
    if (absent_.empty()) return;
    std::size_t added = 0;
    for (const auto& held : engine_.roles(principal(), now_)) {
      if (added++ < kMostOfAKind) edits_.push_back(add_scopes(*held.role, absent_));
    }
  }

  const Engine& engine_;
  const Question& question_;
  Instant now_;
  Explanation explanation_;
  Strings absent_;
  std::vector<Edit> edits_;
};

}  // namespace

std::vector<Edit> edits_against(const Engine& engine, const Question& question, Instant now) {
  const auto found = explain(engine, question, now);
  std::vector<Edit> out;
  for (const auto& [group, grant] : found.applied) {
    if (grant->place.span.line != 0 && out.size() < kMostOfAKind)
      out.push_back(remove_group(*grant, group));
  }
  for (const auto& trace : found.scopes) {
    if (trace.routes.empty() || out.size() >= 2 * kMostOfAKind) continue;
    out.push_back(add_deny(*trace.routes.front().roles.front(), trace.scope));
  }
  return out;
}

std::vector<Edit> edits_for(const Engine& engine, const Question& question, Instant now) {
  return Helper(engine, question, now).run();
}

}  // namespace mcpauth::policy::analysis
