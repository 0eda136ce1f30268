#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kPolicyVersion{
    .name = policy::rule::kPolicyVersion,
    .code = "RB004",
    .severity = Severity::error,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A file without a version, or with an unknown one",
    .rationale =
        "What a policy means depends on its version. Every file, included ones too, begins "
        "with `version = 1`. So a later version can change a meaning without changing what "
        "this file grants.",
    .bad = R"([roles.hr]
#<
scopes = ["hr:read"]
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read", "hr:write"]
)"};

constexpr const Rule* kRules[] = {&kPolicyVersion};

}  // namespace

RuleGroup policy_version() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
