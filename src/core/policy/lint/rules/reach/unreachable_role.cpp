#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kUnreachableRole{
    .name = "unreachable-role",
    .code = "RB301",
    .severity = Severity::warning,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A role that no grant leads to",
    .rationale =
        "A role that nobody can hold is forgotten, or it waits for a grant that somebody will "
        "add without reading the role again. Expired grants count here, because they say who "
        "held the role; grant-expired reports them.\n\n"
        "Grant the role, or remove it.",
    .bad = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[roles.writer]
#      ^
scopes = ["db:write:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[roles.writer]
scopes = ["db:write:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
[[grant]]
role   = "writer"
groups = ["okta:Engineering"]
)"};

constexpr const Rule* kRules[] = {&kUnreachableRole};

void check(Context& context, Findings& findings) {
  if (context.facts() == nullptr) return;
  const auto& facts = *context.facts();
  for (analysis::RoleId id = 0; id < facts.is_granted.size(); ++id) {
    if (facts.is_granted[id]) continue;
    const auto& role = facts.policy.roles[id];
    const auto& heirs = facts.graph.children()[id];
    auto& finding = findings.add(kUnreachableRole, role.name.place,
                                 text::format("nobody can hold role `{}`", role.name.value));
    finding.label = "no grant leads to it";
    finding.path = "roles." + role.name.value;
    finding.hint = "grant it, or take it out";
    if (heirs.empty()) {
      finding.fix = context.editor().without_table(
          role.place, role.fields, text::format("take role `{}` out", role.name.value));
      continue;
    }
    const auto& heir = facts.policy.roles[heirs.front()].name;
    finding.related.push_back({heir.place, "inherits it, and nobody can hold it either"});
    finding.hint = text::format("take `{}` out first, or grant one of them", heir.value);
  }
}

}  // namespace

RuleGroup unreachable_role() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
