#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kUndefinedScope{
    .name = policy::rule::kUndefinedScope,
    .code = "RB102",
    .severity = Severity::error,
    .fix = FixKind::unsafe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A scope that is not in [scopes]",
    .rationale =
        "If a policy lists its scopes, a scope that is not listed is a typo. Nobody ever holds "
        "it, so a tool that needs it is closed to everybody, and a role that names it gives "
        "less than it says. Correct the name, or add the scope to [scopes].",
    .bad = R"(version = 1
[scopes]
"hr:read" = { risk = "low" }
[roles.hr-reader]
scopes = ["hr:raed"]
#         ^
)",
    .good = R"(version = 1
[scopes]
"hr:read" = { risk = "low" }
[roles.hr-reader]
scopes = ["hr:read"]
)"};

constexpr const Rule* kRules[] = {&kUndefinedScope};

}  // namespace

RuleGroup undefined_scope() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
