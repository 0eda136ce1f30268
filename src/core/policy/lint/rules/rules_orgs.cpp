#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_set>

#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/reach.hpp"
#include "core/policy/lint/rules/reading_scopes.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr auto kRules = std::to_array<Rule>({
    {"cross-org-grant", "RB401", Severity::error, FixKind::none, Audience::everybody, "0.1.0",
     "a group gets a role in an org for which its IdP does not speak",
     "[orgs] says which IdPs speak for an org; groups of any other hold nothing there. A "
     "grant to such a group looks as if it worked, and begins to work on the day somebody "
     "adds the IdP.\n\n"
     "Name the group of an IdP that speaks for the org, or add the IdP to its `idps`.",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["entra:HR"]
#         ^
org    = "acme"
[orgs.acme]
idps = ["okta"]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
org    = "acme"
[orgs.acme]
idps = ["okta"]
)"},
    {"org-unscoped-grant", "RB402", Severity::warning, FixKind::none, Audience::everybody, "0.1.0",
     "a grant without an org in a policy of several",
     "A grant without `org` holds in every org, also in those that are added later. In a "
     "policy of several orgs that is seldom meant.\n\n"
     "Name the org, in a grant for each.",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
#<
role   = "reader"
groups = ["okta:HR"]
[orgs.acme]
[orgs.globex]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
org    = "acme"
[orgs.acme]
[orgs.globex]
)"},
    {"org-wildcard-write", "RB403", Severity::error, FixKind::none, Audience::everybody, "0.1.0",
     "a grant for every org gives more than looking",
     "A grant for every org (without `org` in a policy of several, or with the `*` that is "
     "no org) of a role that lets people change something lets one group act in the name "
     "of all. A scope counts as one for looking when a segment of it says so (read, list, "
     "get, ...), or when every tool that needs it says that it only reads (--tools).\n\n"
     "Name the org, in a grant for each.",
     R"(version = 1
[roles.writer]
scopes = ["db:write:*"]
[[grant]]
#<
role   = "writer"
groups = ["okta:HR"]
[orgs.acme]
[orgs.globex]
)",
     R"(version = 1
[roles.writer]
scopes = ["db:write:*"]
[[grant]]
role   = "writer"
groups = ["okta:HR"]
org    = "acme"
[orgs.acme]
[orgs.globex]
)"},
    {"org-without-owner", "RB404", Severity::info, FixKind::none, Audience::pedantic, "0.1.0",
     "an org in which no group administers",
     "When nobody is responsible for an org, its grants are reviewed by nobody. A group "
     "counts as responsible when it is allowed a scope under `mcpauth:` there, or when it "
     "or a role it holds is named for it: admin, administrator, owner.\n\n"
     "Grant such a role in the org.",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
org    = "acme"
[orgs.acme]
#     ^
)",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[roles.db-admin]
scopes = ["db:write:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
org    = "acme"
[[grant]]
role   = "db-admin"
groups = ["okta:Databases"]
org    = "acme"
[orgs.acme]
)"},
});

using analysis::RoleId;

/// The orgs that are named, each by its first place.
std::map<std::string_view, Place> orgs_of(const policy::Policy& policy) {
  std::map<std::string_view, Place> out;
  for (const auto& org : policy.orgs)
    out.try_emplace(org.name.value, org.name.place);
  for (const auto& grant : policy.grants) {
    if (grant.org && grant.org->value != "*") out.try_emplace(grant.org->value, grant.org->place);
  }
  return out;
}

bool is_expired(const policy::Grant& grant, const Subject& subject) {
  return grant.until && *grant.until <= subject.inputs.now;
}

void check_cross_org(const Subject& subject, const policy::Policy& policy, Findings& findings) {
  std::map<std::string_view, std::pair<const policy::Org*, std::unordered_set<std::string_view>>>
      orgs;
  for (const auto& org : policy.orgs) {
    if (!org.idps) continue;
    auto& [known, idps] = orgs[org.name.value];
    known = &org;
    for (const auto& idp : *org.idps)
      idps.insert(idp.value);
  }
  for (const auto& grant : policy.grants) {
    const auto org = grant.org ? orgs.find(grant.org->value) : orgs.end();
    if (org == orgs.end() || is_expired(grant, subject)) continue;
    for (const auto& group : grant.groups) {
      const auto idp = group.value.substr(0, group.value.find(':'));
      if (org->second.second.contains(idp)) continue;
      auto& finding =
          findings.add("cross-org-grant", group.place,
                       "`" + group.value + "` gets nothing in org `" + grant.org->value +
                           "`: IdP `" + idp + "` does not speak for it");
      finding.label = "does not count in this org";
      const auto* idps = policy::find(org->second.first->fields, "idps");
      finding.related.push_back({idps != nullptr
                                     ? Place{org->second.first->name.place.file, idps->value_span}
                                     : org->second.first->name.place,
                                 "only these speak for it"});
      finding.hint =
          "name a group of an IdP that speaks for the org, or add `" + idp + "` to its idps";
      finding.path = grant_name(grant) + ".groups[\"" + group.value + "\"]";
    }
  }
}

/// The first pattern of each role, or of one it inherits, that lets people do more than look.
class Changing {
 public:
  Changing(const Subject& subject, const policy::Policy& policy)
      : graph_(policy), reading_(subject), first_(policy.roles.size(), nullptr) {
    for (const auto id : graph_.order()) {
      for (const auto& entry : policy.roles[id].scopes) {
        if (first_[id] == nullptr && !reading_.contains(entry.value)) first_[id] = &entry;
      }
      for (const auto parent : graph_.parents()[id]) {
        if (first_[id] == nullptr) first_[id] = first_[parent];
      }
    }
  }

  const policy::Text* of(std::string_view role) const {
    const auto id = graph_.find(role);
    return id ? first_[*id] : nullptr;
  }

 private:
  analysis::RoleGraph graph_;
  ReadingScopes reading_;
  std::vector<const policy::Text*> first_;  // by role
};

void add_write(const policy::Grant& grant, const Place& place, const policy::Text& entry,
               Findings& findings) {
  auto& finding = findings.add("org-wildcard-write", place,
                               "role `" + grant.role.value + "` is granted in every org, and `" +
                                   entry.value + "` is more than looking");
  finding.label = "every org there is or will be";
  finding.related.push_back({entry.place, "allowed here"});
  finding.hint = "name the org, in a grant for each";
  finding.path = grant_path(grant);
}

void check_unscoped(const Subject& subject, const policy::Policy& policy, Findings& findings) {
  const Changing changing(subject, policy);
  const bool has_several = orgs_of(policy).size() > 1;
  for (const auto& grant : policy.grants) {
    const bool is_star = grant.org && grant.org->value == "*";
    if ((grant.org && !is_star) || is_expired(grant, subject)) continue;
    const auto* entry = changing.of(grant.role.value);
    if (is_star) {
      if (entry != nullptr) add_write(grant, grant.org->place, *entry, findings);
    } else if (has_several && entry != nullptr) {
      add_write(grant, grant.place, *entry, findings);
    } else if (has_several) {
      auto& finding = findings.add("org-unscoped-grant", grant.place,
                                   "role `" + grant.role.value + "` is granted in every org");
      finding.label = "has no `org`";
      finding.hint = "name the org, in a grant for each";
      finding.path = grant_path(grant);
    }
  }
}

bool is_owner_name(std::string_view name) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"admin", "admins", "administrator", "administrators", "owner", "owners"});
  std::string word;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const char c = i < name.size() ? name[i] : ' ';
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool in_camel = is_upper && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z';
    if (!(is_upper || is_lower) || in_camel) {
      if (std::ranges::find(kWords, word) != kWords.end()) return true;
      word.clear();
    }
    if (is_upper || is_lower) word += is_upper ? static_cast<char>(c + 32) : c;
  }
  return false;
}

/// Whether groups of this kind administer, whatever they are called.
std::vector<bool> owning_kinds(const Subject& subject) {
  std::vector<bool> out;
  for (const auto& kind : subject.effective->classes) {
    bool owns = std::ranges::any_of(
        kind.roles, [](const auto& held) { return is_owner_name(held.role->name.value); });
    const auto& scopes = subject.effective->scopes;
    constexpr std::string_view kOurs = "mcpauth:";
    auto at = static_cast<std::size_t>(std::ranges::lower_bound(scopes, kOurs) - scopes.begin());
    for (; at < scopes.size() && scopes[at].starts_with(kOurs) && !owns; ++at)
      owns = kind.standing[at] == policy::Standing::allowed;
    out.push_back(owns);
  }
  return out;
}

void check_owners(const Subject& subject, const policy::Policy& policy, Findings& findings) {
  const auto owning = owning_kinds(subject);
  std::set<std::string_view> restricted;
  for (const auto& org : policy.orgs) {
    if (org.idps) restricted.insert(org.name.value);
  }
  std::set<std::string_view> owned;
  bool everywhere = false;
  for (std::size_t i = 0; i < subject.effective->groups.size(); ++i) {
    const auto kind = subject.effective->class_of[i];
    if (kind == analysis::Effective::kNothing) continue;
    const auto& member = subject.effective->groups[i];
    if (!owning[kind] && !is_owner_name(std::string_view(member.name).substr(member.idp().size())))
      continue;
    if (member.is_any_other_org) {
      everywhere = true;
    } else {
      owned.insert(member.org);
    }
  }
  for (const auto& [org, place] : orgs_of(policy)) {
    if (owned.contains(org) || (everywhere && !restricted.contains(org))) continue;
    auto& finding = findings.add("org-without-owner", place,
                                 "no group in org `" + std::string(org) + "` administers it");
    finding.label = "nobody is responsible";
    finding.hint = "grant a role for administering in this org";
    finding.path = "orgs." + std::string(org);
  }
}

}  // namespace

std::span<const Rule> orgs_rules() {
  return kRules;
}

void check_orgs(const Subject& subject, Findings& findings) {
  const auto& policy = subject.engine != nullptr ? subject.engine->policy() : subject.policy();
  check_unscoped(subject, policy, findings);
  if (!has_sums(subject)) return;
  check_cross_org(subject, policy, findings);
  check_owners(subject, policy, findings);
}

}  // namespace mcpauth::policy::lint
