#include <array>

#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/privilege.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr auto kRules = std::to_array<Rule>({
    {"global-wildcard", "RB201", Severity::error, FixKind::none, Audience::everybody, "0.1.0",
     "a pattern that is only a wildcard",
     "A role that allows `*` or `**` holds every scope that is ever added, also those "
     "nobody thought of when it was written. A tool pattern that is only wildcards decides "
     "about every tool of every server that is ever connected.\n\n"
     "List what the role is for, and name the servers.",
     R"(version = 1
[roles.reader]
scopes = ["**"]
#         ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"},
    {"over-broad-tool-glob", "RB202", Severity::warning, FixKind::unsafe, Audience::everybody,
     "0.1.0", "a tool pattern that decides about many tools, or about one that may destroy",
     "A pattern in [tools] decides about every tool that a server adds. Where the servers' "
     "tools are given (--tools), a pattern is too broad when it decides about more than 20 "
     "of them, or about one that says of itself that it may destroy or reach the outside. "
     "Without them, the policy's own exact names are counted.\n\n"
     "Name such tools exactly: an exact name comes before every pattern.",
     R"(version = 1
[tools]
"code/*" = ["code:write"]
#<
[roles.reader]
scopes = ["code:write"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
     R"(version = 1
[tools]
"code/push" = ["code:write"]
"code/*"    = ["code:write"]
[roles.reader]
scopes = ["code:write"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"},
    {"glob-matches-nothing", "RB203", Severity::warning, FixKind::none, Audience::everybody,
     "0.1.0", "a pattern that matches no scope or no tool",
     "A pattern that matches nothing is misspelt, or a leftover that will match one day "
     "what nobody expects. Scope patterns are judged by [scopes], or without it by what "
     "the tools need; tool patterns by the tools given (--tools).\n\n"
     "Check the spelling: `*` is exactly one segment, a last `**` is one or more.",
     R"(version = 1
[scopes]
"db:read:employee" = {}
[roles.reader]
scopes = ["db:raed:*", "db:read:*"]
#         ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
     R"(version = 1
[scopes]
"db:read:employee" = {}
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"},
    {"glob-expansion-drift", "RB204", Severity::warning, FixKind::safe, Audience::with_input,
     "0.1.0", "a tool that was added fell under an old pattern",
     "A server added a tool since rbac.lock was written, and a pattern that was there "
     "before decides about it: somebody may call it whom nobody meant to. Needs the tools "
     "(--tools) and rbac.lock.\n\n"
     "Look at the tool, then name it exactly, or write rbac.lock again.",
     R"(version = 1
[tools]
"hr/*" = ["hr:read"]
#<
[roles.reader]
scopes = ["hr:read"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
     R"(version = 1
[tools]
"hr/list_employees" = ["hr:read"]
"hr/*"              = ["hr:read"]
[roles.reader]
scopes = ["hr:read"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"},
    {"escalation-by-inheritance", "RB205", Severity::error, FixKind::none, Audience::everybody,
     "0.1.0", "a role of low risk reaches higher risk by inheriting",
     "The highest risk among the scopes that a role lists says what it is taken for. When "
     "it inherits a scope of higher risk, people are given more than the role looks like. "
     "A role that lists no scopes of its own is a bundle and is told by what is in it; of "
     "roles that inherit one from the other, the one where it begins is reported.\n\n"
     "Give the role the scopes it uses instead of the other role, or list what makes it a "
     "role of high risk.",
     R"(version = 1
[scopes]
"tickets:read"    = { risk = "low" }
"payments:refund" = { risk = "high" }
[roles.ops]
scopes = ["payments:*"]
[roles.support]
inherits = ["ops"]
#           ^
scopes   = ["tickets:read"]
[[grant]]
role   = "support"
groups = ["okta:Helpdesk"]
)",
     R"(version = 1
[scopes]
"tickets:read"    = { risk = "low" }
"payments:refund" = { risk = "high" }
[roles.ops]
scopes = ["payments:*"]
[roles.support]
scopes   = ["tickets:read"]
[[grant]]
role   = "support"
groups = ["okta:Helpdesk"]
[[grant]]
role   = "ops"
groups = ["okta:Operations"]
)"},
    {"policy-admin-grant", "RB206", Severity::error, FixKind::none, Audience::everybody, "0.1.0",
     "a scope that administers mcpauth itself is given",
     "Scopes under `mcpauth:` are asked for by mcpauth itself: to mint tokens, to change "
     "the policy, to read secrets, to clear the audit log. Whoever holds one can give "
     "himself the rest. A wildcard that matches one of them gives it as well.\n\n"
     "Keep them to a role of its own that few hold, and write down why beside it, as the "
     "reason of a suppression.",
     R"(version = 1
[roles.reader]
scopes = ["mcpauth:policy:write"]
#         ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"},
    {"separation-of-duty", "RB207", Severity::error, FixKind::none, Audience::everybody, "0.1.0",
     "somebody can hold both sides of a declared separation",
     "A [[separation]] says that nobody should hold two of its scopes. It is judged for "
     "every principal there can be: one org and any of the groups of one IdP, with all "
     "that is inherited and denied, so two groups that are harmless alone are found too. "
     "Nothing enforces a separation but the policy itself.\n\n"
     "Give the two to different groups, and let the role of one side deny the other: then "
     "nobody in both groups has both.",
     R"(version = 1
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
     R"(version = 1
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
)"},
    {"everyone-group-write", "RB208", Severity::warning, FixKind::none, Audience::everybody,
     "0.1.0", "a group of everybody may do more than look",
     "Groups such as Everyone, Domain Users or All Employees hold whoever joins, guests "
     "and machines among them. A scope counts as one for looking when a segment of it says "
     "so (read, list, get, ...), or when every tool that needs it says that it only reads "
     "(--tools).\n\n"
     "Grant the role to the group of those who need it.",
     R"(version = 1
[roles.reader]
scopes = ["hr:read", "hr:write"]
[[grant]]
role   = "reader"
groups = ["okta:Everyone"]
#         ^
)",
     R"(version = 1
[roles.reader]
scopes = ["hr:read"]
[[grant]]
role   = "reader"
groups = ["okta:Everyone"]
)"},
    {"admin-lockout", "RB211", Severity::error, FixKind::none, Audience::everybody, "0.1.0",
     "nobody can administer",
     "The policy names scopes that administer mcpauth, and no group is allowed any of "
     "them: after this change nobody can change the policy back. Those under "
     "`mcpauth:policy:` count, or any under `mcpauth:` where none of these is named.\n\n"
     "Grant the role again before it is too late.",
     R"(version = 1
[roles.admin]
scopes = ["mcpauth:policy:write"]
#         ^
[[grant]]
role    = "admin"
groups  = ["okta:HR"]
expires = 2026-06-30
)",
     R"(version = 1
[roles.admin]
scopes = ["mcpauth:policy:write"]
[[grant]]
role   = "admin"
groups = ["okta:HR"]
)"},
});

}  // namespace

std::span<const Rule> privilege_rules() {
  return kRules;
}

void check_privilege(const Subject& subject, Findings& findings) {
  Editor editor(subject.reading);
  const auto& policy = subject.engine != nullptr ? subject.engine->policy() : subject.policy();
  check_wildcards(policy, findings);
  if (!has_sums(subject)) return;
  const Sums sums(subject);
  check_globs(subject, sums.policy, editor, findings);
  check_escalation(sums, findings);
  check_administration(subject, sums, findings);
  check_separations(subject, sums, findings);
  check_everyone(subject, sums, findings);
}

}  // namespace mcpauth::policy::lint
