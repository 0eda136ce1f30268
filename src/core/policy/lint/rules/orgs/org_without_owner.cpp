#include <algorithm>
#include <array>
#include <set>

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/orgs/named_orgs.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kOrgWithoutOwner{
    .name = "org-without-owner",
    .code = "RB404",
    .severity = Severity::info,
    .fix = FixKind::none,
    .audience = Audience::pedantic,
    .since = "0.1.0",
    .summary = "An org without a group that administers it",
    .rationale =
        "If nobody is responsible for an org, nobody reviews its grants. A group counts as "
        "responsible if it is allowed a scope under `mcpauth:` in the org, or if its name, or "
        "that of a role it holds, contains the word admin, administrator or owner.\n\n"
        "Grant such a role in the org.",
    .bad = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
org    = "acme"
[orgs.acme]
#     ^
)",
    .good = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[roles.db-admin]
scopes = ["db:write:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
org    = "acme"
[[grant]]
role   = "db-admin"
groups = ["okta:Databases"]
org    = "acme"
[orgs.acme]
)"};

constexpr const Rule* kRules[] = {&kOrgWithoutOwner};

bool is_owner_name(std::string_view name) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"admin", "admins", "administrator", "administrators", "owner", "owners"});
  std::string word;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const char c = i < name.size() ? name[i] : ' ';
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool in_camel = is_upper && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z';
    if (!(is_upper || is_lower) || in_camel) {
      if (std::ranges::find(kWords, word) != kWords.end()) return true;
      word.clear();
    }
    if (is_upper || is_lower) word += is_upper ? static_cast<char>(c + 32) : c;
  }
  return false;
}

/// Whether groups of this kind administer, whatever they are called.
std::vector<bool> owning_kinds(const Subject& subject) {
  std::vector<bool> out;
  for (const auto& kind : subject.effective->classes) {
    bool owns = std::ranges::any_of(
        kind.roles, [](const auto& held) { return is_owner_name(held.role->name.value); });
    const auto& scopes = subject.effective->scopes;
    constexpr std::string_view kOurs = "mcpauth:";
    auto at = static_cast<std::size_t>(std::ranges::lower_bound(scopes, kOurs) - scopes.begin());
    for (; at < scopes.size() && scopes[at].starts_with(kOurs) && !owns; ++at)
      owns = kind.standing[at] == policy::Standing::allowed;
    out.push_back(owns);
  }
  return out;
}

void check(Context& context, Findings& findings) {
  if (!context.subject().is_usable()) return;
  const auto& subject = context.subject();
  const auto& policy = context.policy();
  const auto owning = owning_kinds(subject);
  std::set<std::string_view> restricted;
  for (const auto& org : policy.orgs) {
    if (org.idps) restricted.insert(org.name.value);
  }
  std::set<std::string_view> owned;
  bool everywhere = false;
  for (std::size_t i = 0; i < subject.effective->groups.size(); ++i) {
    const auto kind = subject.effective->class_of[i];
    if (kind == analysis::Effective::kNothing) continue;
    const auto& member = subject.effective->groups[i];
    if (!owning[kind] && !is_owner_name(std::string_view(member.name).substr(member.idp().size())))
      continue;
    if (member.is_any_other_org) {
      everywhere = true;
    } else {
      owned.insert(member.org);
    }
  }
  for (const auto& [org, place] : named_orgs(policy)) {
    if (owned.contains(org) || (everywhere && !restricted.contains(org))) continue;
    auto& finding = findings.add(kOrgWithoutOwner, place,
                                 text::format("no group in org `{}` administers it", org));
    finding.label = "nobody is responsible";
    finding.hint = "grant a role for administering in this org";
    finding.path = text::format("orgs.{}", org);
  }
}

}  // namespace

RuleGroup org_without_owner() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
