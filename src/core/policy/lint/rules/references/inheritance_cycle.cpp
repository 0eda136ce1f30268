#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kInheritanceCycle{
    .name = policy::rule::kInheritanceCycle,
    .code = "RB107",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A role that inherits itself, directly or through others",
    .rationale =
        "Roles that inherit each other in a circle are one role under several names, which is "
        "never intended. The policy is refused until one of them is removed from the "
        "`inherits` of another.",
    .bad = R"(version = 1
[roles.a]
inherits = ["b"]
#           ^
[roles.b]
inherits = ["a"]
)",
    .good = R"(version = 1
[roles.a]
inherits = ["b"]
[roles.b]
scopes = ["hr:read"]
)"};

constexpr const Rule* kRules[] = {&kInheritanceCycle};

}  // namespace

RuleGroup inheritance_cycle() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
