#include "core/policy/analysis/org_groups.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace mcpauth::policy::analysis {
namespace {

using Orgs = std::set<std::string_view>;
using OrgsByGroup = std::map<std::string_view, Orgs>;

/// The orgs of which [orgs] says whose groups count, and which it gives each IdP.
struct Restricted {
  Orgs all;

  explicit Restricted(std::span<const policy::Policy* const> policies) {
    for (const auto* policy : policies) {
      for (const auto& org : policy->orgs) {
        if (org.idps) all.insert(org.name.value);
      }
    }
  }
};

/// For each group the orgs in which a grant names it; whether one names it for every org is told by
/// the empty name, which no org has.
OrgsByGroup orgs_by_group(std::span<const policy::Policy* const> policies) {
  OrgsByGroup out;
  for (const auto* policy : policies) {
    for (const auto& grant : policy->grants) {
      for (const auto& group : grant.groups)
        out[group.value].insert(grant.org ? std::string_view(grant.org->value) : "");
    }
  }
  return out;
}

std::string unnamed_org(std::span<const policy::Policy* const> policies) {
  std::unordered_set<std::string_view> named;
  for (const auto* policy : policies) {
    for (const auto& org : policy->orgs)
      named.insert(org.name.value);
    for (const auto& grant : policy->grants) {
      if (grant.org) named.insert(grant.org->value);
    }
  }
  std::string name = "any-other-org";
  while (named.contains(name))
    name += "-";
  return name;
}

struct RolesHash {
  std::size_t operator()(const std::vector<const policy::Role*>& roles) const {
    std::size_t hash = roles.size();
    for (const auto* role : roles)
      hash = hash * 0x9E3779B97F4A7C15U + std::hash<const void*>{}(role);
    return hash;
  }
};

}  // namespace

std::string Member::where() const {
  if (!is_any_other_org) return org;
  if (!but) return "any other org";
  constexpr std::size_t kMostNamed = 5;
  std::string out = "every org";
  for (std::size_t i = 0; i < std::min(but->size(), kMostNamed); ++i)
    out += (i == 0 ? " but " : ", ") + (*but)[i];
  if (but->size() > kMostNamed) {
    out += " and " + std::to_string(but->size() - kMostNamed) + " more";
  }
  return out;
}

std::string Member::text() const {
  return group + " in " + where();
}

OwnOrgs own_orgs(std::span<const Member> all) {
  OwnOrgs out;
  for (const auto& member : all) {
    if (!member.is_any_other_org) out[member.group].push_back(member.org);
  }
  return out;
}

void set_exceptions(std::vector<Member>& some, const OwnOrgs& own) {
  if (std::ranges::none_of(some, &Member::is_any_other_org)) return;
  std::set<std::pair<std::string_view, std::string_view>> said;
  for (const auto& member : some) {
    if (!member.is_any_other_org) said.emplace(member.group, member.org);
  }
  for (auto& member : some) {
    if (!member.is_any_other_org) continue;
    auto& but = member.but.emplace();
    const auto orgs = own.find(member.group);
    if (orgs == own.end()) continue;
    for (const auto org : orgs->second) {
      if (!said.contains({member.group, org})) but.emplace_back(org);
    }
  }
}

policy::Principal principal_of(std::span<const Member* const> members) {
  policy::Principal principal{.idp = std::string(members.front()->idp()),
                              .subject = "anybody",
                              .org = members.front()->org,
                              .groups = {},
                              .client_id = {}};
  for (const auto* member : members)
    principal.groups.push_back(member->group);
  return principal;
}

policy::Principal principal_of(const Member& member) {
  const Member* const one = &member;
  return principal_of({&one, 1});
}

std::size_t most_members(std::span<const policy::Policy* const> policies) {
  std::unordered_set<std::string_view> everywhere;
  std::size_t named = 0;
  std::size_t judging = 0;
  for (const auto* policy : policies) {
    for (const auto& grant : policy->grants) {
      if (grant.org) {
        named += grant.groups.size();
        continue;
      }
      for (const auto& group : grant.groups)
        everywhere.insert(group.value);
    }
    judging += static_cast<std::size_t>(
        std::ranges::count_if(policy->orgs, [](const auto& org) { return org.idps.has_value(); }));
  }
  return named + everywhere.size() * (judging + 1);
}

std::vector<Member> members_of(std::span<const policy::Policy* const> policies) {
  const Restricted restricted(policies);
  const std::string other = unnamed_org(policies);
  std::vector<Member> out;
  for (const auto& [group, named] : orgs_by_group(policies)) {
    Orgs orgs = named;
    const bool everywhere = orgs.erase("") > 0;
    // Where a group holds something in every org, the orgs that judge IdPs differ from the rest.
    if (everywhere) orgs.insert(restricted.all.begin(), restricted.all.end());
    for (const auto org : orgs)
      out.push_back({.org = std::string(org), .group = std::string(group)});
    if (everywhere)
      out.push_back({.org = other, .group = std::string(group), .is_any_other_org = true});
  }
  std::ranges::sort(out, [](const Member& a, const Member& b) {
    return std::tie(a.is_any_other_org, a.org, a.group) <
           std::tie(b.is_any_other_org, b.org, b.group);
  });
  return out;
}

namespace {

/// Puts members together whom the policy treats alike.
class Kinds {
 public:
  Kinds(const policy::Engine& engine, std::vector<std::string> scopes, Instant now,
        std::size_t most)
      : engine_(engine), now_(now), left_(most), asked_(engine.ask(scopes)) {
    out_.scopes = std::move(scopes);
  }

  Effective run(std::vector<Member> members) {
    out_.members = std::move(members);
    out_.kind_of.reserve(out_.members.size());
    for (std::size_t i = 0; i < out_.members.size() && out_.is_complete; ++i) {
      const auto kind = kind_of(principal_of(out_.members[i]));
      out_.kind_of.push_back(kind);
      if (kind != Effective::kNothing) out_.kinds[kind].members.push_back(i);
    }
    return std::move(out_);
  }

 private:
  using Roles = std::vector<const policy::Role*>;
  using KindOf = std::unordered_map<Roles, std::size_t, RolesHash>;

  // Members are many, and what is granted to them is little: only where that is new the roles that
  // follow from it are looked at.
  std::size_t kind_of(const policy::Principal& principal) {
    auto granted = engine_.granted(principal, now_);
    spend(granted.size());
    if (granted.empty()) return Effective::kNothing;
    const auto [known, is_new] = by_granted_.try_emplace(std::move(granted), Effective::kNothing);
    if (is_new) known->second = kind_by_held(principal);
    return known->second;
  }

  std::size_t kind_by_held(const policy::Principal& principal) {
    auto held = engine_.roles(principal, now_);
    spend(held.size() * sizeof(policy::HeldRole));
    if (!out_.is_complete) return Effective::kNothing;
    Roles roles;
    roles.reserve(held.size());
    for (const auto& role : held)
      roles.push_back(role.role);
    const auto [kind, is_new] = by_held_.try_emplace(std::move(roles), out_.kinds.size());
    if (is_new) {
      spend(out_.scopes.size() * sizeof(policy::Standing));
      out_.kinds.push_back({.roles = std::move(held),
                            .standing = engine_.standing(principal, asked_, now_),
                            .members = {}});
    }
    return kind->second;
  }

  void spend(std::size_t steps) {
    out_.is_complete = out_.is_complete && steps <= left_;
    left_ -= std::min(left_, steps);
  }

  const policy::Engine& engine_;
  Instant now_;
  std::size_t left_;
  policy::AskedScopes asked_;
  KindOf by_granted_;
  KindOf by_held_;
  Effective out_;
};

}  // namespace

Effective effective_of(const policy::Engine& engine, std::vector<Member> members,
                       std::vector<std::string> scopes, Instant now, std::size_t most) {
  return Kinds(engine, std::move(scopes), now, most).run(std::move(members));
}

}  // namespace mcpauth::policy::analysis
