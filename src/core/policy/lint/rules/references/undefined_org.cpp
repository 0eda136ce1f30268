#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/references/unlisted.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kUndefinedOrg{
    .name = policy::rule::kUndefinedOrg,
    .code = "RB104",
    .severity = Severity::error,
    .fix = FixKind::unsafe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A grant in an org that is not in [orgs]",
    .rationale =
        "If a policy lists its orgs, a grant in another org is a typo. It applies to nobody, "
        "or to an org whose identity providers nobody has restricted. Correct the name, or add "
        "the org to [orgs].",
    .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
org = "acmee"
#     ^
[orgs.acme]
idps = ["okta"]
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
org = "acme"
[orgs.acme]
idps = ["okta"]
)"};

constexpr const Rule* kRules[] = {&kUndefinedOrg};

void check(Context& context, Findings& findings) {
  const auto& policy = context.policy();
  if (policy.orgs.empty()) return;
  std::vector<std::string_view> names;
  for (const auto& org : policy.orgs)
    names.push_back(org.name.value);
  KnownNames known(names, '\0');
  for (const auto& grant : policy.grants) {
    if (!grant.org || grant.org->value == "*" || known.contains(grant.org->value)) continue;
    report_unlisted({.rule = kUndefinedOrg,
                     .text = *grant.org,
                     .message = text::format("org `{}` is not in [orgs]", grant.org->value),
                     .path = text::format("grant[{}].org[{}]", json::quote(grant.role.value),
                                          json::quote(grant.org->value)),
                     .otherwise = text::format("add [orgs.{}]", grant.org->value)},
                    known, findings);
  }
}

}  // namespace

RuleGroup undefined_org() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
