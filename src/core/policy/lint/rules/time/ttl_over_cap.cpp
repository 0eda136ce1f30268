#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kTtlOverCap{
    .name = policy::rule::kTtlOverCap,
    .code = "RB501",
    .severity = Severity::error,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A role's ttl is longer than a token may live",
    .rationale =
        "A token cannot be revoked, so it lives 15 minutes at most, whatever a role says. A "
        "longer ttl is refused, not silently shortened, because its author relies on it.",
    .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
ttl = "1h"
#     ^
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
ttl = "15m"
)"};

constexpr const Rule* kRules[] = {&kTtlOverCap};

}  // namespace

RuleGroup ttl_over_cap() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
