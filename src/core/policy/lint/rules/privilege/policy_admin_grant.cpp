#include <algorithm>
#include <unordered_map>

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"
#include "core/policy/lint/rules/privilege/administration.hpp"

namespace mcpauth::policy::lint {
namespace {

using policy::Text;

constexpr Rule kPolicyAdminGrant{
    .name = "policy-admin-grant",
    .code = "RB206",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A scope that administers mcpauth itself is granted",
    .rationale =
        "mcpauth itself checks the scopes under `mcpauth:`: to mint tokens, to change the "
        "policy, to read secrets, to clear the audit log. Anybody who holds one of them can "
        "obtain the rest. A wildcard that matches one of them grants it too.\n\n"
        "Keep these scopes in a separate role that few people hold, and write down why next to "
        "it, as the reason of a suppression.",
    .bad = R"(version = 1
[roles.reader]
scopes = ["mcpauth:policy:write"]
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

constexpr const Rule* kRules[] = {&kPolicyAdminGrant};

/// The kinds of each role that gives something, so that no other role costs anything.
std::unordered_map<const policy::Role*, std::vector<std::size_t>> kinds_of(
    const PolicyFacts& facts, const std::vector<AdministrativeEntry>& all) {
  std::unordered_map<const policy::Role*, std::vector<std::size_t>> out;
  for (const auto& each : all)
    out[&facts.policy.roles[each.role]];
  for (std::size_t kind = 0; kind < facts.effective.classes.size(); ++kind) {
    for (const auto& held : facts.effective.classes[kind].roles) {
      if (const auto found = out.find(held.role); found != out.end()) found->second.push_back(kind);
    }
  }
  return out;
}

void report(const PolicyFacts& facts, const AdministrativeEntry& giving, std::string_view scope,
            std::optional<std::size_t> kind, Findings& findings) {
  const auto& role = facts.policy.roles[giving.role];
  auto& finding = findings.add(
      kPolicyAdminGrant, giving.entry->place,
      text::format(
          "role `{}` gives `{}`{}: everybody who holds it may {}", role.name.value, scope,
          giving.entry->value == scope ? "" : text::format(" by `{}`", giving.entry->value),
          power_of(scope)));
  finding.label = "administers mcpauth itself";
  if (kind) {
    const auto& of = facts.effective.classes[*kind];
    const auto held = std::ranges::find(of.roles, &role, &policy::HeldRole::role);
    const auto& group = facts.effective.groups[of.groups.front()].name;
    if (held != of.roles.end() && held->grant != nullptr) {
      finding.related.push_back({held->grant->place, text::format("given to {} here", group)});
      if (const auto granted = facts.graph.find(held->grant->role.value))
        finding.why =
            chain(facts.graph, facts.policy, group, *granted, giving.role, giving.entry->value);
    }
  }
  finding.hint =
      "keep it to a role of its own for as few as can be, and say so with a suppression "
      "that has a reason";
  finding.path = entry_path(role, "scopes", giving.entry->value);
}

void check_grants(const PolicyFacts& facts, const Administration& administration,
                  const std::vector<AdministrativeEntry>& all, Findings& findings) {
  const auto kinds = kinds_of(facts, all);
  std::size_t left = 5'000'000;  // kinds times scopes
  for (const auto& each : all) {
    if (each.entry->value == "*" || each.entry->value == "**") continue;  // reported as that
    const auto& holders = kinds.at(&facts.policy.roles[each.role]);
    bool is_found = false;
    administration.each(*each.entry, [&](std::string_view scope) {
      if (holders.empty() && each.entry->value.starts_with(kAdministrative)) {
        report(facts, each, scope, std::nullopt, findings);
        return false;
      }
      for (auto kind = holders.begin(); kind != holders.end() && left > 0 && !is_found; ++kind) {
        --left;
        is_found = administration.is_allowed(*kind, scope);
        if (is_found) report(facts, each, scope, *kind, findings);
      }
      return !is_found && left > 0;
    });
    if (left > 0) continue;
    findings.not_judged(kPolicyAdminGrant, kTooLarge);
    return;
  }
}

void check(Context& context, Findings& findings) {
  if (context.facts() == nullptr) return;
  const auto& facts = *context.facts();
  if (!facts.is_exact) {
    findings.not_judged(kPolicyAdminGrant, kTooLarge);
    return;
  }
  const Administration administration(context.subject(), facts);
  check_grants(facts, administration, administration.entries(), findings);
}

}  // namespace

RuleGroup policy_admin_grant() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
