#include "core/policy/analysis/org_groups.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"

namespace mcpauth::policy::analysis {
namespace {

using Orgs = std::set<std::string_view>;
using OrgsByGroup = std::map<std::string_view, Orgs>;

/// The orgs whose [orgs] entry lists the IdPs whose groups count there.
Orgs orgs_with_idps(std::span<const policy::Policy* const> policies) {
  Orgs out;
  for (const auto* policy : policies) {
    for (const auto& org : policy->orgs) {
      if (org.idps) out.insert(org.name.value);
    }
  }
  return out;
}

/// For each group the orgs in which a grant names it. The empty name, which no org has, means that
/// a grant names the group for every org.
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

}  // namespace

std::string OrgGroup::where() const {
  if (!is_any_other_org) return org;
  if (!exceptions) return "any other org";
  if (exceptions->empty()) return "every org";
  constexpr std::size_t kMostNamed = 5;
  const auto named = std::min(exceptions->size(), kMostNamed);
  std::string out = "every org but " + text::join(std::span(*exceptions).first(named), ", ");
  if (named < exceptions->size()) out += text::format(" and {} more", exceptions->size() - named);
  return out;
}

std::string OrgGroup::text() const {
  return text::format("{} in {}", name, where());
}

OwnOrgs own_orgs(std::span<const OrgGroup> all) {
  OwnOrgs out;
  for (const auto& group : all) {
    if (!group.is_any_other_org) out[group.name].push_back(group.org);
  }
  return out;
}

void set_exceptions(std::vector<OrgGroup>& some, const OwnOrgs& own) {
  if (std::ranges::none_of(some, &OrgGroup::is_any_other_org)) return;
  std::set<std::pair<std::string_view, std::string_view>> listed;
  for (const auto& group : some) {
    if (!group.is_any_other_org) listed.emplace(group.name, group.org);
  }
  for (auto& group : some) {
    if (!group.is_any_other_org) continue;
    auto& exceptions = group.exceptions.emplace();
    const auto orgs = own.find(group.name);
    if (orgs == own.end()) continue;
    for (const auto org : orgs->second) {
      if (!listed.contains({group.name, org})) exceptions.emplace_back(org);
    }
  }
}

policy::Principal principal_of(std::span<const OrgGroup* const> groups) {
  policy::Principal principal{.idp = std::string(groups.front()->idp()),
                              .subject = "anybody",
                              .org = groups.front()->org,
                              .groups = {},
                              .client_id = {}};
  for (const auto* group : groups)
    principal.groups.push_back(group->name);
  return principal;
}

policy::Principal principal_of(const OrgGroup& group) {
  const OrgGroup* const one = &group;
  return principal_of({&one, 1});
}

std::size_t most_org_groups(std::span<const policy::Policy* const> policies) {
  std::unordered_set<std::string_view> everywhere;
  std::size_t named = 0;
  std::size_t with_idps = 0;
  for (const auto* policy : policies) {
    for (const auto& grant : policy->grants) {
      if (grant.org) {
        named += grant.groups.size();
        continue;
      }
      for (const auto& group : grant.groups)
        everywhere.insert(group.value);
    }
    with_idps += static_cast<std::size_t>(
        std::ranges::count_if(policy->orgs, [](const auto& org) { return org.idps.has_value(); }));
  }
  return named + everywhere.size() * (with_idps + 1);
}

std::vector<OrgGroup> org_groups_of(std::span<const policy::Policy* const> policies) {
  const Orgs with_idps = orgs_with_idps(policies);
  const std::string other = unnamed_org(policies);
  std::vector<OrgGroup> out;
  for (const auto& [group, named] : orgs_by_group(policies)) {
    Orgs orgs = named;
    const bool everywhere = orgs.erase("") > 0;
    // An org that lists its IdPs may treat a grant for every org unlike the other orgs do.
    if (everywhere) orgs.insert(with_idps.begin(), with_idps.end());
    for (const auto org : orgs)
      out.push_back({.org = std::string(org), .name = std::string(group)});
    if (everywhere)
      out.push_back({.org = other, .name = std::string(group), .is_any_other_org = true});
  }
  std::ranges::sort(out, [](const OrgGroup& a, const OrgGroup& b) {
    return std::tie(a.is_any_other_org, a.org, a.name) <
           std::tie(b.is_any_other_org, b.org, b.name);
  });
  return out;
}

}  // namespace mcpauth::policy::analysis
