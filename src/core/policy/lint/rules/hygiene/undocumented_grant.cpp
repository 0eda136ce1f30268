#include <set>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kUndocumentedGrant{
    .name = "undocumented-grant",
    .code = "RB801",
    .severity = Severity::info,
    .fix = FixKind::none,
    .audience = Audience::pedantic,
    .since = "0.1.0",
    .summary = "A grant of a high-risk scope gives no reason",
    .rationale =
        "When access is reviewed, somebody asks of each powerful grant who wanted it and why. "
        "A ticket in `reason` answers that. Reported once for each grant that is the first to "
        "give a group a high-risk scope.",
    .bad = R"(version = 1
[scopes]
"payments:approve" = { risk = "high" }
[roles.lead]
scopes = ["payments:approve"]
ttl = "5m"
[[grant]]
role = "lead"
#      ^
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[scopes]
"payments:approve" = { risk = "high" }
[roles.lead]
scopes = ["payments:approve"]
ttl = "5m"
[[grant]]
role = "lead"
groups = ["okta:HR"]
reason = "FIN-12"
)"};

constexpr const Rule* kRules[] = {&kUndocumentedGrant};

void check(Context& context, Findings& findings) {
  const auto& risks = context.high_risks();
  std::set<const policy::Grant*> reported;
  for (const auto& risk : risks.list) {
    if (risk.grant == nullptr || !risk.grant->reason.empty()) continue;
    if (!reported.insert(risk.grant).second) continue;
    const auto& role = risk.grant->role;
    auto& finding =
        findings.add(kUndocumentedGrant, role.place,
                     text::format("the grant of role `{}` gives `{}` ({}) and no reason",
                                  role.value, risk.scope, risk.why));
    finding.hint = "add reason = \"…\", best with a ticket";
    finding.path = text::format("grant[{}].reason", json::quote(role.value));
  }
  if (!risks.is_complete)
    findings.not_judged(kUndocumentedGrant, "too many hold scopes of high risk to ask about each");
}

}  // namespace

RuleGroup undocumented_grant() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
