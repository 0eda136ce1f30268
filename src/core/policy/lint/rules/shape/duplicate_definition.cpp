#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kDuplicateDefinition{
    .name = policy::rule::kDuplicateDefinition,
    .code = "RB006",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "Something is defined twice",
    .rationale =
        "TOML refuses two tables of the same name in one file. mcpauth also refuses them "
        "across files, and refuses two separations of the same name. Otherwise the order of "
        "the includes would decide which one counts. Keep one.",
    .bad = R"(version = 1
[[separation]]
name = "payments"
never_both = ["payments:create", "payments:approve"]
[[separation]]
name = "payments"
#      ^
never_both = ["payments:create", "payments:audit"]
)",
    .good = R"(version = 1
[[separation]]
name = "payments"
never_both = ["payments:create", "payments:approve"]
[[separation]]
name = "payments-audit"
never_both = ["payments:create", "payments:audit"]
)"};

constexpr const Rule* kRules[] = {&kDuplicateDefinition};

}  // namespace

RuleGroup duplicate_definition() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
