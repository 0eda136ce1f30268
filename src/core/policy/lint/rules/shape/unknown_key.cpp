#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/rules/catalogue.hpp"
#include "core/policy/lint/rules/families.hpp"

// Unknown keys of the policy are faults of the reading, which shape/faults.cpp reports. Unknown
// names in [lint.rules] are found here.

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kUnknownKey{
    .name = policy::rule::kUnknownKey,
    .code = "RB002",
    .severity = Severity::error,
    .fix = FixKind::unsafe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "An unknown key or lint rule",
    .rationale =
        "A key that is silently ignored is the most expensive mistake in a policy: `inherit` "
        "for `inherits` would grant nothing, `denied` for `deny` would grant too much. So an "
        "unknown key is an error, and the policy is not used. An unknown rule in [lint.rules] "
        "is an error too, but the policy can still be used.",
    .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[roles.hr-admin]
inherit = ["hr"]
#<
[lint.rules.global-wildcart]
#           ^
level = "error"
)",
    .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[roles.hr-admin]
inherits = ["hr"]
[lint.rules.unknown-key]
level = "error"
)"};

constexpr const Rule* kRules[] = {&kUnknownKey};

/// Rules in [lint.rules] that there are not: unlike other unknown keys no fault, because which
/// rules there are differs from one version of this program to the next.
void check(Context& context, Findings& findings) {
  std::vector<std::string_view> known;
  for (const auto* rule : rules())
    known.push_back(rule->name);
  constexpr std::size_t kMost = 100;  // more than that is a list of something else
  std::size_t looked_up = 0;
  for (const auto& set : context.policy().lint_rules) {
    if (find_rule(set.name.value) != nullptr) continue;
    auto& finding = findings.add(kUnknownKey, set.name.place,
                                 text::format("no lint rule is called `{}`", set.name.value));
    finding.path = "lint.rules." + set.name.value;
    const auto near = looked_up++ < kMost ? text::nearest(set.name.value, known) : std::nullopt;
    if (!near) {
      finding.hint = "see mcpauth rbac lint --list-rules for the rules";
      continue;
    }
    finding.hint = text::format("did you mean `{}`?", *near);
    finding.fix = Fix{text::format("write `{}`", *near), {{set.name.place, std::string(*near)}}};
  }
}

}  // namespace

RuleGroup unknown_key() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
