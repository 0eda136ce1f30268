#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kPolicyTooLarge{
    .name = policy::rule::kPolicyTooLarge,
    .code = "RB008",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A policy that exceeds a limit",
    .rationale =
        "A policy has at most 100 files (32 MB in total), 10,000 roles, and 100,000 grants, "
        "tools and scopes each, so the time for a decision is bounded. A larger policy is "
        "usually generated: grant to groups instead of people, and use patterns.",
    .bad = R"(version = 1
include = [
  "base.toml",
  "teams.toml",
  "tools.toml",  # as if a policy could have three files
# ^
]
)",
    .good = R"(version = 1
include = ["base.toml", "teams.toml"]
)"};

constexpr const Rule* kRules[] = {&kPolicyTooLarge};

}  // namespace

RuleGroup policy_too_large() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
