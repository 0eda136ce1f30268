#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kTomlSyntax{
    .name = policy::rule::kTomlSyntax,
    .code = "RB001",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "The file is not TOML",
    .rationale =
        "If one part of a policy cannot be read, none of it is used: half a policy could grant "
        "too much. The reader stops at the first error, so fixing it may reveal another. Files "
        "are TOML 1.0 in UTF-8 without a BOM. Characters beyond ASCII may appear only in "
        "strings and comments.",
    .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read" "hr:write"]
#                   ^
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read", "hr:write"]
)"};

constexpr const Rule* kRules[] = {&kTomlSyntax};

}  // namespace

RuleGroup toml_syntax() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
