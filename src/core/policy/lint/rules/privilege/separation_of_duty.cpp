#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/policy/analysis/separation.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kSeparationOfDuty{
    .name = "separation-of-duty",
    .code = "RB207",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "Somebody can hold both sides of a declared separation",
    .rationale =
        "A [[separation]] says that nobody should hold two of its scopes. It is checked for "
        "every possible principal: one org and any combination of groups of one IdP, with "
        "everything that they inherit and deny. So two groups that are harmless on their own "
        "are found too. Nothing but the policy enforces a separation.\n\n"
        "Give the two scopes to different groups, and let the role of one side deny the other: "
        "then nobody in both groups holds both.",
    .bad = R"(version = 1
[roles.clerk]
scopes = ["pay:create"]
[roles.lead]
scopes = ["pay:approve"]
[[grant]]
role   = "clerk"
groups = ["okta:Finance"]
[[grant]]
role   = "lead"
groups = ["okta:Leads"]
[[separation]]
name = "payments"
#      ^
never_both = ["pay:create", "pay:approve"]
)",
    .good = R"(version = 1
[roles.clerk]
scopes = ["pay:create"]
[roles.lead]
scopes = ["pay:approve"]
deny   = ["pay:create"]
[[grant]]
role   = "clerk"
groups = ["okta:Finance"]
[[grant]]
role   = "lead"
groups = ["okta:Leads"]
[[separation]]
name = "payments"
never_both = ["pay:create", "pay:approve"]
)"};

constexpr const Rule* kRules[] = {&kSeparationOfDuty};

std::string who(const PolicyFacts& facts, const analysis::Clash& clash) {
  const auto& first = facts.effective.groups[clash.groups.front()];
  const std::string where = first.is_any_other_org ? "" : text::format(" in org `{}`", first.org);
  if (clash.groups.size() == 1) return text::format("group `{}`{}", first.name, where);
  return text::format("everybody in both `{}` and `{}`{}", first.name,
                      facts.effective.groups[clash.groups.back()].name, where);
}

void report(const Subject& subject, const PolicyFacts& facts, const policy::Separation& separation,
            const analysis::Clash& clash, Findings& findings) {
  const auto& one = separation.never_both[clash.side];
  const auto& other = separation.never_both[clash.other_side];
  auto& finding = findings.add(
      kSeparationOfDuty, separation.name.place,
      text::format("{} holds both `{}` and `{}`{}", who(facts, clash), one.value, other.value,
                   clash.others == 0 ? ""
                                     : (clash.others == 1 ? ", and so does " : ", and so do ") +
                                           text::count_of(clash.others, "other group")));
  finding.label = "says that nobody should";
  std::vector<const analysis::OrgGroup*> members;
  for (const auto member : clash.groups)
    members.push_back(&facts.effective.groups[member]);
  const auto principal = analysis::principal_of(members);
  for (const auto cell : {clash.cell, clash.other_cell}) {
    const auto decision =
        subject.engine->scopes(principal, {std::string(facts.scope(cell))}, subject.inputs.now);
    if (decision.evidence.empty() || decision.evidence.front().pattern == nullptr) continue;
    const auto& evidence = decision.evidence.front();
    finding.related.push_back({evidence.pattern->place, text::format("allowed here by role `{}`",
                                                                     evidence.role->name.value)});
    const auto granted = facts.graph.find(evidence.grant->role.value);
    const auto in = std::ranges::find_first_of(evidence.grant->groups, principal.groups, {},
                                               &policy::Text::value);
    if (!granted || in == evidence.grant->groups.end()) continue;
    finding.why += (finding.why.empty() ? "" : "; ") +
                   chain(facts.graph, facts.policy, in->value, *granted,
                         facts.graph.id_of(*evidence.role), evidence.pattern->value);
  }
  finding.hint =
      clash.groups.size() == 1
          ? "give the two to different groups"
          : "let the role of one side deny the other, so that nobody in both groups has both";
  finding.path = "separation." + separation.name.value;
}

void check(Context& context, Findings& findings) {
  if (context.facts() == nullptr) return;
  const auto& facts = *context.facts();
  std::size_t left = 300'000'000;
  for (const auto& separation : facts.policy.separations) {
    analysis::ClashSearch search{.is_judged = false};
    if (facts.is_exact && left > 0)
      search =
          analysis::find_clash(separation, facts.effective, facts.table, facts.combinations, left);
    left = search.left;
    if (search.found) {
      report(context.subject(), facts, separation, *search.found, findings);
    } else if (!search.is_judged) {
      findings.not_judged(kSeparationOfDuty, kTooLarge);
      return;
    }
  }
}

}  // namespace

RuleGroup separation_of_duty() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
