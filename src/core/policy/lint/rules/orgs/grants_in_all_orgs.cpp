#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/orgs/named_orgs.hpp"
#include "core/policy/lint/rules/paths.hpp"
#include "core/policy/lint/rules/reading_scopes.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kOrgUnscopedGrant{
    .name = "org-unscoped-grant",
    .code = "RB402",
    .severity = Severity::warning,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A grant without an org in a policy of several orgs",
    .rationale =
        "A grant without `org` holds in every org, including those that are added later. In a "
        "policy of several orgs that is seldom intended.\n\n"
        "Name the org, in a separate grant for each.",
    .bad = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
#<
role   = "reader"
groups = ["okta:HR"]
[orgs.acme]
[orgs.globex]
)",
    .good = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
org    = "acme"
[orgs.acme]
[orgs.globex]
)"};

constexpr Rule kOrgWildcardWrite{
    .name = "org-wildcard-write",
    .code = "RB403",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A grant for every org gives more than reading",
    .rationale =
        "A grant for every org has no `org` in a policy of several, or has `org = \"*\"`. If "
        "its role lets people change something, one group can act in the name of all orgs. A "
        "scope counts as read-only if one of its segments says so (read, list, get, ...), or "
        "if every tool that needs it is marked as read-only (`--tools`).\n\n"
        "Name the org, in a separate grant for each.",
    .bad = R"(version = 1
[roles.writer]
scopes = ["db:write:*"]
[[grant]]
#<
role   = "writer"
groups = ["okta:HR"]
[orgs.acme]
[orgs.globex]
)",
    .good = R"(version = 1
[roles.writer]
scopes = ["db:write:*"]
[[grant]]
role   = "writer"
groups = ["okta:HR"]
org    = "acme"
[orgs.acme]
[orgs.globex]
)"};

constexpr const Rule* kRules[] = {&kOrgUnscopedGrant, &kOrgWildcardWrite};

/// The first pattern of each role, or of one it inherits, that lets people do more than read.
class Changing {
 public:
  Changing(const Subject& subject, const policy::Policy& policy)
      : graph_(policy), reading_(subject), first_(policy.roles.size(), nullptr) {
    for (const auto id : graph_.order()) {
      for (const auto& entry : policy.roles[id].scopes) {
        if (first_[id] == nullptr && !reading_.contains(entry.value)) first_[id] = &entry;
      }
      for (const auto parent : graph_.parents()[id]) {
        if (first_[id] == nullptr) first_[id] = first_[parent];
      }
    }
  }

  const policy::Text* of(std::string_view role) const {
    const auto id = graph_.find(role);
    return id ? first_[*id] : nullptr;
  }

 private:
  analysis::RoleGraph graph_;
  ReadingScopes reading_;
  std::vector<const policy::Text*> first_;  // by role
};

void add_write(const policy::Grant& grant, const Place& place, const policy::Text& entry,
               Findings& findings) {
  auto& finding = findings.add(
      kOrgWildcardWrite, place,
      text::format("role `{}` is granted in every org, and `{}` allows more than reading",
                   grant.role.value, entry.value));
  finding.label = "every org there is or will be";
  finding.related.push_back({entry.place, "allowed here"});
  finding.hint = "name the org, in a grant for each";
  finding.path = grant_path(grant);
}

void check(Context& context, Findings& findings) {
  const auto& policy = context.policy();
  const Changing changing(context.subject(), policy);
  const bool has_several = named_orgs(policy).size() > 1;
  for (const auto& grant : policy.grants) {
    const bool is_star = grant.org && grant.org->value == "*";
    if ((grant.org && !is_star) || is_expired(grant, context.inputs().now)) continue;
    const auto* entry = changing.of(grant.role.value);
    if (is_star) {
      if (entry != nullptr) add_write(grant, grant.org->place, *entry, findings);
    } else if (has_several && entry != nullptr) {
      add_write(grant, grant.place, *entry, findings);
    } else if (has_several) {
      auto& finding =
          findings.add(kOrgUnscopedGrant, grant.place,
                       text::format("role `{}` is granted in every org", grant.role.value));
      finding.label = "has no `org`";
      finding.hint = "name the org, in a grant for each";
      finding.path = grant_path(grant);
    }
  }
}

}  // namespace

RuleGroup grants_in_all_orgs() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
