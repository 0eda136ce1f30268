#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kUndefinedRole{
    .name = policy::rule::kUndefinedRole,
    .code = "RB101",
    .severity = Severity::error,
    .fix = FixKind::unsafe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A grant or a role names a role that is not defined",
    .rationale =
        "A role that does not exist grants nothing, and a deny that should be inherited from "
        "it denies nothing. The policy is refused until the name is corrected or the role is "
        "defined.",
    .bad = R"(version = 1
[roles.hr-reader]
scopes = ["hr:read"]
[[grant]]
role = "hr-raeder"
#      ^
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[roles.hr-reader]
scopes = ["hr:read"]
[[grant]]
role = "hr-reader"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kUndefinedRole};

}  // namespace

RuleGroup undefined_role() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
