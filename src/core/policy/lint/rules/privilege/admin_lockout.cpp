#include <algorithm>
#include <unordered_set>

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"
#include "core/policy/lint/rules/privilege/administration.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::RoleId;
using policy::Text;

constexpr Rule kAdminLockout{
    .name = "admin-lockout",
    .code = "RB211",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "No group can administer mcpauth",
    .rationale =
        "The policy names scopes that administer mcpauth, but no group is allowed any of them: "
        "after this change nobody can change the policy back. Scopes under `mcpauth:policy:` "
        "count. If the policy names none of those, all scopes under `mcpauth:` count.\n\n"
        "Grant the role again before it is too late.",
    .bad = R"(version = 1
[roles.admin]
scopes = ["mcpauth:policy:write"]
#         ^
[[grant]]
role    = "admin"
groups  = ["okta:HR"]
expires = 2026-06-30
)",
    .good = R"(version = 1
[roles.admin]
scopes = ["mcpauth:policy:write"]
[[grant]]
role   = "admin"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kAdminLockout};

/// Where a scope is named first: where a role allows it, in the catalogue, or by a tool.
struct Naming {
  std::string_view scope;
  const Text* text;
  std::optional<RoleId> role;
};

/// The scopes by which the policy itself is administered, or, where it names none of these, all
/// that are ours; only where something more than a deny names them.
std::vector<Naming> administrative(const PolicyFacts& facts, const Administration& administration,
                                   const std::vector<AdministrativeEntry>& all) {
  std::vector<Naming> out;
  std::unordered_set<std::string_view> seen;
  const auto add = [&](std::string_view scope, const Text& text, std::optional<RoleId> role) {
    if (scope.starts_with(kAdministrative) && seen.insert(scope).second)
      out.push_back({scope, &text, role});
  };
  std::unordered_set<std::string_view> patterns;
  for (const auto& each : all) {
    if (!each.entry->value.starts_with(kAdministrative) ||
        !patterns.insert(each.entry->value).second)
      continue;
    administration.each(*each.entry, [&](std::string_view scope) {
      add(scope, *each.entry, each.role);
      return true;
    });
  }
  for (const auto& scope : facts.policy.scopes)
    add(scope.name.value, scope.name, {});
  for (const auto& tool : facts.policy.tools) {
    for (const auto& need : tool.needs)
      add(need.value, need, {});
  }
  const auto is_other = [](const Naming& naming) {
    return !naming.scope.starts_with("mcpauth:policy:");
  };
  if (!std::ranges::all_of(out, is_other)) std::erase_if(out, is_other);
  return out;
}

/// Whether some group is allowed one of them; nothing where there are too many to ask about.
std::optional<bool> is_held(const PolicyFacts& facts, const Administration& administration,
                            const std::vector<Naming>& named) {
  std::size_t left = 20'000'000;
  for (const auto& naming : named) {
    for (std::size_t kind = 0; kind < facts.effective.classes.size(); ++kind) {
      if (administration.is_allowed(kind, naming.scope)) return true;
      if (--left == 0) return std::nullopt;
    }
  }
  return false;
}

/// A grant that led to the role until it expired, or null.
const policy::Grant* expired_grant(const Subject& subject, const PolicyFacts& facts, RoleId role) {
  const auto above = facts.graph.inheriting({role});
  for (const auto& grant : facts.policy.grants) {
    const auto granted = facts.graph.find(grant.role.value);
    if (granted && above[*granted] && grant.until && *grant.until <= subject.inputs.now)
      return &grant;
  }
  return nullptr;
}

void check_lockout(const Subject& subject, const PolicyFacts& facts,
                   const Administration& administration,
                   const std::vector<AdministrativeEntry>& all, Findings& findings) {
  const auto named = administrative(facts, administration, all);
  if (named.empty()) return;
  const auto held = is_held(facts, administration, named);
  if (!held) findings.not_judged(kAdminLockout, kTooLarge);
  if (!held || *held) return;
  const auto& first = named.front();
  auto& finding = findings.add(
      kAdminLockout, first.text->place,
      text::format("nobody may {}: no group is allowed `{}`", power_of(first.scope), first.scope));
  finding.label = "allowed to nobody";
  finding.hint = "grant a role that allows it before the last one who can administer is locked out";
  finding.path = first.role
                     ? entry_path(facts.policy.roles[*first.role], "scopes", first.text->value)
                     : text::format("scopes[\"{}\"]", first.text->value);
  const auto* expired = first.role ? expired_grant(subject, facts, *first.role) : nullptr;
  if (expired != nullptr) finding.related.push_back({expired->place, "this grant has expired"});
}

void check(Context& context, Findings& findings) {
  if (context.facts() == nullptr) return;
  const auto& facts = *context.facts();
  if (!facts.is_exact) {
    findings.not_judged(kAdminLockout, kTooLarge);
    return;
  }
  const Administration administration(context.subject(), facts);
  check_lockout(context.subject(), facts, administration, administration.entries(), findings);
}

}  // namespace

RuleGroup admin_lockout() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
