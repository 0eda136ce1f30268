#include <set>

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kTtlMissingHighRisk{
    .name = "ttl-missing-high-risk",
    .code = "RB502",
    .severity = Severity::warning,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A role gives a high-risk scope and sets no ttl",
    .rationale =
        "Tokens for the most harmful actions should have the shortest lifetime, and it should "
        "not depend on the issuer's default. A scope is high-risk if [scopes] says so. With "
        "`--tools`, the riskiest scopes that a destructive tool needs are high-risk too, "
        "unless all of them are low. A role is reported only if a group holds the scope "
        "through it and no role of that group has a ttl.",
    .bad = R"(version = 1
[scopes]
"payments:approve" = { risk = "high" }
[roles.payments-lead]
#      ^
scopes = ["payments:approve"]
[[grant]]
role = "payments-lead"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[scopes]
"payments:approve" = { risk = "high" }
[roles.payments-lead]
scopes = ["payments:approve"]
ttl = "5m"
[[grant]]
role = "payments-lead"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kTtlMissingHighRisk};

void check(Context& context, Findings& findings) {
  const auto& risks = context.high_risks();
  std::set<const policy::Role*> reported;
  for (const auto& risk : risks.list) {
    if (risk.ttl || risk.role == nullptr || !reported.insert(risk.role).second) continue;
    const auto& role = risk.role->name;
    auto& finding = findings.add(kTtlMissingHighRisk, role.place,
                                 text::format("role `{}` gives `{}` ({}) and sets no ttl",
                                              role.value, risk.scope, risk.why));
    if (risk.grant != nullptr && !risk.grant->groups.empty())
      finding.why = text::format("{} → {} → {}", risk.grant->groups.front().value,
                                 risk.grant->role.value, risk.scope);
    finding.hint = "add ttl = \"5m\" to it";
    finding.path = text::format("roles.{}.ttl", role.value);
  }
  if (!risks.is_complete)
    findings.not_judged(kTtlMissingHighRisk, "too many hold scopes of high risk to ask about each");
}

}  // namespace

RuleGroup ttl_missing_high_risk() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
