#include <algorithm>

#include "core/codec/format.hpp"
#include "core/policy/analysis/redundant.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::Redundant;

constexpr Rule kShadowedGrant{
    .name = "shadowed-grant",
    .code = "RB302",
    .severity = Severity::info,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "An allow that adds nothing",
    .rationale =
        "Everybody who holds the role is already allowed, or denied, all of this by another "
        "entry. A reader takes this entry for the reason why people have the scope, but "
        "removing it withdraws nothing.\n\n"
        "Remove it, or remove the wider entry if the narrow one was intended.",
    .bad = R"(version = 1
[roles.reader]
scopes = ["db:*", "db:read"]
#                 ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[roles.reader]
scopes = ["db:*", "db:read:employee"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"};

constexpr Rule kOverriddenGrant{
    .name = "overridden-grant",
    .code = "RB303",
    .severity = Severity::warning,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "An allow that a deny takes back from every holder",
    .rationale =
        "A deny in any role that somebody holds beats every allow, so this entry gives nobody "
        "anything. Either the deny is too wide or the allow is a leftover.\n\n"
        "Remove the allow, or narrow the deny.",
    .bad = R"(version = 1
[roles.contractor]
scopes = ["hr:read", "code:read"]
#         ^
deny   = ["hr:**"]
[[grant]]
role   = "contractor"
groups = ["okta:Engineering"]
)",
    .good = R"(version = 1
[roles.contractor]
scopes = ["hr:*", "code:read"]
deny   = ["hr:write"]
[[grant]]
role   = "contractor"
groups = ["okta:Engineering"]
)"};

constexpr Rule kShadowedDeny{
    .name = "shadowed-deny",
    .code = "RB304",
    .severity = Severity::info,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A deny that other denies make unnecessary",
    .rationale =
        "Wherever this deny meets an allow, another deny meets it too. Removing this deny "
        "permits nothing.\n\n"
        "Remove it, or remove the wider deny if the narrow one was intended.",
    .bad = R"(version = 1
[roles.reader]
scopes = ["db:**"]
deny   = ["db:write:*", "db:write:salary"]
#                       ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[roles.reader]
scopes = ["db:**"]
deny   = ["db:write:*", "db:drop"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"};

constexpr Rule kVacuousRule{
    .name = "vacuous-rule",
    .code = "RB307",
    .severity = Severity::warning,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A deny that meets no allow, or a role that gives nothing",
    .rationale =
        "A deny that meets no allow is often misspelt, and then it does not forbid what it "
        "should. All groups of an IdP together are considered, because one person may be in "
        "all of them. A role without scopes, denies and lifetime gives nothing. It is not "
        "reported if some tool is open to everybody with a role, because then the role has an "
        "effect.\n\n"
        "Check the spelling, or remove it.",
    .bad = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
deny   = ["bd:read:salary"]
#         ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
deny   = ["db:read:salary"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kShadowedGrant, &kOverriddenGrant, &kShadowedDeny,
                                  &kVacuousRule};

class Reporter {
 public:
  Reporter(const PolicyFacts& facts, Editor& editor, Findings& findings)
      : facts_(facts), editor_(editor), findings_(findings) {}

  void overridden(const Redundant& idle) {
    auto& finding = add(kOverriddenGrant, idle, List::scopes,
                        entry(idle) + " is denied to everybody who holds the role");
    finding.label = "gives nobody anything";
    if (idle.by.text != nullptr) {
      finding.related.push_back(
          {idle.by.text->place, idle.is_by_alone ? "denied here" : "one of the denies"});
    }
    finding.hint = "take it out, or narrow the deny if people are meant to have it";
  }

  void shadowed(const Redundant& idle) {
    auto& finding =
        add(kShadowedGrant, idle, List::scopes,
            text::format("{} adds nothing: {}", entry(idle),
                         idle.is_by_alone
                             ? by(idle) + " allows the same"
                             : "others allow or deny the same to everybody who holds the role"));
    if (idle.by.text != nullptr) finding.related.push_back({idle.by.text->place, "allowed here"});
    finding.hint = "take it out: what people may do stays as it is";
  }

  void vacuous(const Redundant& idle) {
    auto& finding = add(
        kVacuousRule, idle, List::deny,
        text::format("denying {} changes nothing: nobody who holds the role is allowed any of it",
                     entry(idle)));
    finding.label = "denies what nobody has";
    finding.hint = "take it out, or check the spelling if it was to forbid something";
  }

  void shadowed_deny(const Redundant& idle) {
    auto& finding = add(
        kShadowedDeny, idle, List::deny,
        text::format("denying {} changes nothing: {}", entry(idle),
                     idle.is_by_alone ? by(idle) + " denies the same"
                                      : "other entries deny it to everybody who is allowed it"));
    if (idle.by.text != nullptr) finding.related.push_back({idle.by.text->place, "denied here"});
    finding.hint = "take it out: what people may do stays as it is";
  }

 private:
  enum class List { scopes, deny };

  const policy::Role& role(const analysis::Entry& entry) const {
    return facts_.policy.roles[entry.role];
  }
  std::string entry(const Redundant& idle) const {
    return text::format("`{}` of role `{}`", idle.entry.text->value, role(idle.entry).name.value);
  }
  std::string by(const Redundant& idle) const {
    const bool own = idle.by.role == idle.entry.role;
    return text::format(
        "`{}`{}", idle.by.text->value,
        own ? " of the same role" : text::format(" of role `{}`", role(idle.by).name.value));
  }

  Finding& add(const Rule& rule, const Redundant& idle, List list, std::string message) {
    // Without a catalogue a scope may be anything that the patterns leave room for.
    if (!facts_.policy.has_scope_catalogue) message += " (by the patterns: there is no [scopes])";
    const auto& of = role(idle.entry);
    const auto& text = *idle.entry.text;
    auto& finding = findings_.add(rule, text.place, std::move(message));
    finding.path = entry_path(of, list == List::deny ? "deny" : "scopes", text.value);
    finding.fix = editor_.without(list == List::deny ? of.deny : of.scopes, text,
                                  text::format("take `{}` out", text.value));
    return finding;
  }

  const PolicyFacts& facts_;
  Editor& editor_;
  Findings& findings_;
};

bool has_open_tool(const policy::Policy& policy) {
  return std::ranges::any_of(policy.tools, [](const auto& tool) { return tool.needs.empty(); });
}

void check_empty_roles(const PolicyFacts& facts, Findings& findings) {
  if (has_open_tool(facts.policy)) return;
  for (analysis::RoleId id = 0; id < facts.is_granted.size(); ++id) {
    const auto& role = facts.policy.roles[id];
    const bool has_something =
        !role.inherits.empty() || !role.scopes.empty() || !role.deny.empty() || role.ttl;
    if (has_something || !facts.is_granted[id]) continue;
    auto& finding =
        findings.add(kVacuousRule, role.name.place,
                     text::format("role `{}` gives nothing to anybody", role.name.value));
    finding.label = "no scopes, no denies, no ttl";
    finding.path = "roles." + role.name.value;
    finding.hint = "list its scopes, or take the role and its grants out";
  }
}

void check_entries(const PolicyFacts& facts, Context& context, Findings& findings) {
  analysis::RedundantEntries idle{.is_judged = false};
  if (facts.is_exact) {
    idle = analysis::redundant_entries(
        {facts.policy, facts.effective, facts.graph, facts.table, facts.combinations},
        context.reported());
  }
  if (!idle.is_judged) {
    for (const auto* rule : kRules)
      findings.not_judged(*rule, kTooLarge);
  }
  Reporter reporter(facts, context.editor(), findings);
  for (const auto& each : idle.overridden)
    reporter.overridden(each);
  for (const auto& each : idle.shadowed)
    reporter.shadowed(each);
  for (const auto& each : idle.vacuous)
    reporter.vacuous(each);
  for (const auto& each : idle.shadowed_denies)
    reporter.shadowed_deny(each);
  for (const auto* list : {&idle.overridden, &idle.vacuous, &idle.shadowed_denies}) {
    for (const auto& each : *list)
      context.reported().insert(each.entry.text);
  }
}

void check(Context& context, Findings& findings) {
  if (context.facts() == nullptr) return;
  check_empty_roles(*context.facts(), findings);
  check_entries(*context.facts(), context, findings);
}

}  // namespace

RuleGroup entries_without_effect() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
