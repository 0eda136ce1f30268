#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kWrongType{
    .name = policy::rule::kWrongType,
    .code = "RB003",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A value of the wrong type",
    .rationale =
        "`scopes = \"a b\"` is not the list it looks like. Values are taken as written and "
        "never converted, so that nobody has to guess what a policy grants.",
    .bad = R"(version = 1
[roles.hr]
scopes = "hr:read hr:write"
#        ^
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read", "hr:write"]
)"};

constexpr const Rule* kRules[] = {&kWrongType};

}  // namespace

RuleGroup wrong_type() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
