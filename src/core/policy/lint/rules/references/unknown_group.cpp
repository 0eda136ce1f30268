#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/references/unlisted.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kUnknownGroup{
    .name = "unknown-group",
    .code = "RB105",
    .severity = Severity::warning,
    .fix = FixKind::unsafe,
    .audience = Audience::with_input,
    .since = "0.1.0",
    .summary = "A group that the identity provider does not have",
    .rationale =
        "A grant to a group that does not exist applies to nobody, until somebody creates a "
        "group of that name. Checked only with `--groups`, for each identity provider with at "
        "least one group in that file.",
    .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR", "okta:Enginering"]
#                    ^
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR", "okta:Engineering", "entra:Somebody"]
)"};

constexpr const Rule* kRules[] = {&kUnknownGroup};

void check(Context& context, Findings& findings) {
  if (!context.inputs().groups) return;
  const std::vector<std::string_view> names(context.inputs().groups->begin(),
                                            context.inputs().groups->end());
  KnownNames known(names, ':');
  for (const auto& grant : context.policy().grants) {
    for (const auto& group : grant.groups) {
      if (known.contains(group.value) || !known.has_head_of(group.value)) continue;
      report_unlisted(
          {.rule = kUnknownGroup,
           .text = group,
           .message = text::format("group `{}` is not in the list of groups", group.value),
           .path = text::format("grant[{}].groups[{}]", json::quote(grant.role.value),
                                json::quote(group.value)),
           .otherwise =
               "the grant is for nobody: take it out, or give the present list with --groups"},
          known, findings);
    }
  }
}

}  // namespace

RuleGroup unknown_group() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
