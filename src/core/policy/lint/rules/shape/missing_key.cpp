#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kMissingKey{
    .name = policy::rule::kMissingKey,
    .code = "RB010",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A required key is missing",
    .rationale =
        "A grant without a role or groups, or a separation without a name or scopes, says "
        "nothing that could be applied. A missing key never means all.",
    .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
#<
role = "hr"
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kMissingKey};

}  // namespace

RuleGroup missing_key() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
