#include <algorithm>

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/names/pairs.hpp"
#include "core/policy/lint/rules/names/typos.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kNearDuplicateName{
    .name = "near-duplicate-name",
    .code = "RB603",
    .severity = Severity::warning,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A name that looks like a typo of another one",
    .rationale =
        "Groups and orgs are compared byte for byte, and nothing says that "
        "`okta:platfrom-admins` does not exist: the grant applies to nobody, until somebody "
        "creates a group of that name. These typos are reported: two swapped letters, a "
        "doubled letter, a letter that is missing, added or replaced within a longer word and, "
        "in names of more than eight letters, letters that moved. Not reported are numbers, "
        "endings, first letters, short words, names that are used three times or more, "
        "families of names, and names that the IdP or the servers list (`--groups`, "
        "`--tools`).",
    .bad = R"(version = 1
[roles.deployer]
scopes = ["code:deploy"]
[[grant]]
role = "deployer"
groups = ["okta:platform-admins"]
[[grant]]
role = "deployer"
groups = ["okta:platfrom-admins"]
#         ^
)",
    .good = R"(version = 1
[roles.deployer]
scopes = ["code:deploy"]
[[grant]]
role = "deployer"
groups = ["okta:platform-admins", "okta:platform-admins-eu", "okta:team-1", "okta:team-2"]
)"};

constexpr const Rule* kRules[] = {&kNearDuplicateName};

bool same_idp(const Name& a, const Name& b) {
  if (a.kind != NameKind::group) return true;
  return a.value.substr(0, a.value.find(':')) == b.value.substr(0, b.value.find(':'));
}

/// Nobody mistypes a name the same way again and again.
bool are_both_used(const Name& a, const Name& b) {
  constexpr std::size_t kOften = 3;
  return std::min(a.places.size(), b.places.size()) >= kOften;
}

void report(const Name& earlier, const Name& later, const std::string& how, Findings& findings) {
  auto [odd, other] = odd_first(earlier, later);
  if (odd->is_known && !other->is_known) std::swap(odd, other);
  auto& finding =
      findings.add(kNearDuplicateName, odd->place(),
                   text::format("{} differs from `{}` in {} only", odd->text(), other->value, how));
  finding.related.push_back({other->place(), "the other one"});
  finding.hint =
      text::format("write `{}` if it is meant; if both are, say so in a comment", other->value);
  finding.path = odd->path();
}

void check_kind(std::span<const Name> names, Findings& findings) {
  constexpr std::size_t kMost = 100'000;
  if (names.size() > kMost) {
    findings.not_judged(kNearDuplicateName,
                        text::format("there are more than {} names of the kind {}", kMost,
                                     name(names.front().kind)));
    return;
  }
  std::vector<std::string_view> values;
  values.reserve(names.size());
  for (const auto& name : names)
    values.push_back(name.value);
  const auto near = typo_pairs(values);
  if (!near.is_complete)
    findings.not_judged(kNearDuplicateName, "too many names are made of the same letters");
  for (const auto& [i, j, how] : near.pairs) {
    const auto& a = names[std::min(i, j)];
    const auto& b = names[std::max(i, j)];
    if (has_hidden(a.value) || has_hidden(b.value)) continue;
    if (!same_idp(a, b) || are_both_used(a, b) || (a.is_known && b.is_known)) continue;
    report(a, b, how, findings);
  }
}

void check(Context& context, Findings& findings) {
  const auto& names = context.names();
  for (auto begin = names.begin(); begin != names.end();) {
    const auto end = std::find_if(begin, names.end(),
                                  [&](const Name& name) { return name.kind != begin->kind; });
    check_kind({begin, end}, findings);
    begin = end;
  }
}

}  // namespace

RuleGroup near_duplicate_name() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
