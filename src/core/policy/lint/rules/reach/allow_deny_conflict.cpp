#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/policy/analysis/conflicts.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kAllowDenyConflict{
    .name = "allow-deny-conflict",
    .code = "RB309",
    .severity = Severity::warning,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A group holds a role that denies what another of its roles allows",
    .rationale =
        "Some group holds two roles, and one denies what the other allows, although neither "
        "inherits from the other. The deny always wins. A role that denies part of what it "
        "lists or inherits itself is not reported, and neither is a role that only denies: "
        "there it is clearly intended.\n\n"
        "Grant the role that denies to other groups than those that need the scope, or let it "
        "inherit the other role.",
    .bad = R"(version = 1
[roles.writer]
scopes = ["db:read:*", "db:write:*"]
[roles.trainee]
scopes = ["wiki:read"]
deny   = ["db:write:*"]
#         ^
[[grant]]
role   = "writer"
groups = ["okta:Engineering", "okta:HR"]
[[grant]]
role   = "trainee"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[roles.writer]
scopes = ["db:read:*", "db:write:*"]
[roles.trainee]
inherits = ["writer"]
scopes = ["wiki:read"]
deny   = ["db:write:*"]
[[grant]]
role   = "writer"
groups = ["okta:Engineering"]
[[grant]]
role   = "trainee"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kAllowDenyConflict};

/// All that one deny meets, in one finding.
void report(const PolicyFacts& facts, std::span<const analysis::Conflict> meetings,
            Findings& findings) {
  const auto& first = meetings.front();
  const auto& denying = facts.policy.roles[first.deny.role];
  const auto& group =
      facts.effective.groups[facts.effective.classes[first.group_class].groups.front()];
  const auto others = meetings.size() - 1;
  auto& finding =
      findings.add(kAllowDenyConflict, first.deny.text->place,
                   text::format("role `{}` denies what role `{}`{}{}{}` holds both: the deny wins",
                                denying.name.value, facts.policy.roles[first.allow.role].name.value,
                                others == 0 ? "" : " and " + text::count_of(others, "other role"),
                                others == 0 ? " allows, and `" : " allow, and `", group.name));
  finding.label = "wins";
  constexpr std::size_t kShown = 3;
  for (const auto& meeting : meetings.first(std::min(kShown, meetings.size()))) {
    finding.related.push_back({meeting.allow.text->place,
                               text::format("role `{}` allows it here",
                                            facts.policy.roles[meeting.allow.role].name.value)});
  }
  finding.why = text::format(
      "{}: {} denies {}, {} allows {}", group.text(), denying.name.value, first.deny.text->value,
      facts.policy.roles[first.allow.role].name.value, first.allow.text->value);
  finding.hint = text::format(
      "give `{}` only to those who are to be denied it, or let it inherit the other role so that "
      "both stand together",
      denying.name.value);
  finding.path = entry_path(denying, "deny", first.deny.text->value);
}

void check(Context& context, Findings& findings) {
  if (context.facts() == nullptr) return;
  const auto& facts = *context.facts();
  if (!facts.is_exact) {
    findings.not_judged(kAllowDenyConflict, kTooLarge);
    return;
  }
  const auto found = analysis::conflicts(facts.policy, facts.effective, facts.graph, facts.table,
                                         context.reported());
  if (!found.is_judged) findings.not_judged(kAllowDenyConflict, kTooLarge);
  const std::span<const analysis::Conflict> all(found.list);
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && all[end].deny.text == all[begin].deny.text)
      ++end;
    report(facts, all.subspan(begin, end - begin), findings);
  }
}

}  // namespace

RuleGroup allow_deny_conflict() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
