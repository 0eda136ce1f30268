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
    .summary = "The file is no TOML",
    .rationale =
        "Nothing of a policy is used when a part of it cannot be read: half a policy could "
        "grant too much. The reader stops at the first place, so another may show when this "
        "one is mended. Files are TOML 1.0 in UTF-8 without BOM, and beyond ASCII only in "
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
