#include <map>
#include <unordered_set>

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kCrossOrgGrant{
    .name = "cross-org-grant",
    .code = "RB401",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A group gets a role in an org that its IdP does not speak for",
    .rationale =
        "[orgs] says which IdPs speak for an org. Groups of any other IdP hold nothing there. "
        "A grant to such a group looks as if it worked, and begins to work on the day somebody "
        "adds the IdP.\n\n"
        "Name the group of an IdP that speaks for the org, or add the IdP to its `idps`.",
    .bad = R"(version = 1
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
    .good = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
org    = "acme"
[orgs.acme]
idps = ["okta"]
)"};

constexpr const Rule* kRules[] = {&kCrossOrgGrant};

void check(Context& context, Findings& findings) {
  if (!context.subject().is_usable()) return;
  const auto& policy = context.policy();
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
    if (org == orgs.end() || is_expired(grant, context.inputs().now)) continue;
    for (const auto& group : grant.groups) {
      const auto idp = group.value.substr(0, group.value.find(':'));
      if (org->second.second.contains(idp)) continue;
      auto& finding =
          findings.add(kCrossOrgGrant, group.place,
                       text::format("`{}` gets nothing in org `{}`: IdP `{}` does not speak for it",
                                    group.value, grant.org->value, idp));
      finding.label = "does not count in this org";
      const auto* idps = policy::find(org->second.first->fields, "idps");
      finding.related.push_back({idps != nullptr
                                     ? Place{org->second.first->name.place.file, idps->value_span}
                                     : org->second.first->name.place,
                                 "only these speak for it"});
      finding.hint = text::format(
          "name a group of an IdP that speaks for the org, or add `{}` to its idps", idp);
      finding.path = text::format("{}.groups[\"{}\"]", grant_name(grant), group.value);
    }
  }
}

}  // namespace

RuleGroup cross_org_grant() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
