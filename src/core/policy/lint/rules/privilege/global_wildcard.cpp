#include "core/policy/lint/rules/privilege/global_wildcard.hpp"

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kGlobalWildcard{
    .name = "global-wildcard",
    .code = "RB201",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A pattern that is only a wildcard",
    .rationale =
        "A role that allows `*` or `**` holds every scope that is ever added, including those "
        "that nobody thought of when it was written. A tool pattern that is only wildcards "
        "decides about every tool of every server that is ever connected.\n\n"
        "List the scopes that the role needs, and name the servers.",
    .bad = R"(version = 1
[roles.reader]
scopes = ["**"]
#         ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kGlobalWildcard};

void check(Context& context, Findings& findings) {
  const auto& policy = context.policy();
  for (const auto& role : policy.roles) {
    for (const auto& text : role.scopes) {
      if (!is_global_wildcard(text.value)) continue;
      auto& finding = findings.add(
          kGlobalWildcard, text.place,
          text::format("role `{}` allows `{}`: every scope{}", role.name.value, text.value,
                       text.value == "*" ? " of one segment" : " there is or will be"));
      finding.label = "allows everything";
      finding.hint = "list what the role is for, such as db:read:*";
      finding.path = entry_path(role, "scopes", text.value);
    }
  }
  for (const auto& tool : policy.tools) {
    if (!is_global_wildcard(tool.pattern.value)) continue;
    auto& finding =
        findings.add(kGlobalWildcard, tool.pattern.place,
                     text::format("`{}` decides about every tool that no other entry names",
                                  tool.pattern.value));
    finding.label = "every server, every tool";
    finding.hint = "name the servers: a tool that nothing matches is denied";
    finding.path = tool_path(tool);
  }
}

}  // namespace

RuleGroup global_wildcard() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
