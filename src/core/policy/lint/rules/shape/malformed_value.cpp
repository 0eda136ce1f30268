#include "core/policy/lint/rules/families.hpp"

// The reading of the policy reports it as a fault; shape/faults.cpp turns faults into findings.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kMalformedValue{
    .name = policy::rule::kMalformedValue,
    .code = "RB009",
    .severity = Severity::error,
    .fix = FixKind::unsafe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A value that is not well-formed",
    .rationale =
        "Scopes are segments joined by `:`, and a wildcard is a whole segment. Tools are "
        "`server/tool`. Groups begin with the name of their IdP. A ttl is 5 to 15 minutes. A "
        "value that merely looks like one of these, such as `db:re*`, would match nothing or "
        "too much.",
    .bad = R"(version = 1
[scopes]
"hr:read" = { risk = "hihg" }
#                    ^
[roles.hr]
scopes = ["hr:re*"]
#         ^
[[grant]]
role = "hr"
groups = ["HR"]
#         ^
)",
    .good = R"(version = 1
[scopes]
"hr:read" = { risk = "high" }
[roles.hr]
scopes = ["hr:*"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kMalformedValue};

}  // namespace

RuleGroup malformed_value() {
  return {kRules};
}

}  // namespace mcpauth::policy::lint
