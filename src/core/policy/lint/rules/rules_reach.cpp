#include <array>

#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/reach.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr auto kRules = std::to_array<Rule>({
    {"unreachable-role", "RB301", Severity::warning, FixKind::safe, Audience::everybody, "0.1.0",
     "a role that no grant leads to",
     "A role that nobody can hold is either forgotten or waits for a grant that "
     "somebody will add without reading it again. Grants that have expired count here, "
     "since they say who held the role; grant-expired reports those.\n\n"
     "Grant the role, or take it out.",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[roles.writer]
#      ^
scopes = ["db:write:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[roles.writer]
scopes = ["db:write:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
[[grant]]
role   = "writer"
groups = ["okta:Engineering"]
)"},
    {"shadowed-grant", "RB302", Severity::info, FixKind::safe, Audience::everybody, "0.1.0",
     "an allow that adds nothing to what others allow",
     "Everybody who holds the role is allowed, or denied, all of this by another "
     "entry. Who reads the policy takes it for the reason why people have the scope, "
     "and who takes it out to withdraw the scope withdraws nothing.\n\n"
     "Take it out, or take the wider entry out if the narrow one was meant.",
     R"(version = 1
[roles.reader]
scopes = ["db:*", "db:read"]
#                 ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:*", "db:read:employee"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"},
    {"overridden-grant", "RB303", Severity::warning, FixKind::safe, Audience::everybody, "0.1.0",
     "an allow that a deny takes back from every holder",
     "A deny of any role held beats every allow, so this entry gives nobody anything. "
     "Either the deny is too wide or the allow is a leftover.\n\n"
     "Take the allow out, or narrow the deny.",
     R"(version = 1
[roles.contractor]
scopes = ["hr:read", "code:read"]
#         ^
deny   = ["hr:**"]
[[grant]]
role   = "contractor"
groups = ["okta:Engineering"]
)",
     R"(version = 1
[roles.contractor]
scopes = ["hr:*", "code:read"]
deny   = ["hr:write"]
[[grant]]
role   = "contractor"
groups = ["okta:Engineering"]
)"},
    {"shadowed-deny", "RB304", Severity::info, FixKind::safe, Audience::everybody, "0.1.0",
     "a deny that others make unnecessary",
     "Wherever this deny meets an allow, another deny meets it too. Who takes it out "
     "to permit something permits nothing.\n\n"
     "Take it out, or take the wider deny out if the narrow one was meant.",
     R"(version = 1
[roles.reader]
scopes = ["db:**"]
deny   = ["db:write:*", "db:write:salary"]
#                       ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:**"]
deny   = ["db:write:*", "db:drop"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"},
    {"redundant-roles", "RB305", Severity::info, FixKind::none, Audience::everybody, "0.1.0",
     "two roles that come to the same",
     "Two roles with the same scopes, denies and lifetime have to be kept the same by "
     "hand, and one day are not.\n\n"
     "Grant one of them to both, or leave it as it is if they are about to become "
     "different.",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[roles.viewer]
#      ^
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
[[grant]]
role   = "viewer"
groups = ["okta:Engineering"]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR", "okta:Engineering"]
)"},
    {"duplicate-entry", "RB306", Severity::warning, FixKind::safe, Audience::everybody, "0.1.0",
     "the same entry twice in a list, or the same group given the same role twice",
     "The second entry has no effect as long as the first is there. Who takes one of "
     "them out believes to have withdrawn something, and has not.\n\n"
     "Take one of them out.",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*", "db:write:*", "db:read:*"]
#                                    ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*", "db:write:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"},
    {"vacuous-rule", "RB307", Severity::warning, FixKind::safe, Audience::everybody, "0.1.0",
     "a deny that meets no allow, or a role that gives nothing",
     "A deny that nothing meets is often one that is misspelt, and then forbids "
     "nothing of what it was to forbid. It is looked for in all groups of an IdP "
     "together, since somebody may be in all of them. A role without scopes, denies "
     "and lifetime gives nothing; where a tool is open to whoever holds any role it "
     "does, and is not reported.\n\n"
     "Check the spelling, or take it out.",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
deny   = ["bd:read:salary"]
#         ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
deny   = ["db:read:salary"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"},
    {"redundant-inherited-scope", "RB308", Severity::info, FixKind::safe, Audience::everybody,
     "0.1.0", "a role lists what it inherits",
     "What a role inherits it need not list. Listed twice, it stays when it is taken "
     "out of the other role, which is seldom what was meant.\n\n"
     "Take it out of the role that inherits.",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[roles.writer]
inherits = ["reader"]
scopes = ["db:read:*", "db:write:*"]
#         ^
[[grant]]
role   = "writer"
groups = ["okta:HR"]
)",
     R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[roles.writer]
inherits = ["reader"]
scopes = ["db:write:*"]
[[grant]]
role   = "writer"
groups = ["okta:HR"]
)"},
    {"allow-deny-conflict", "RB309", Severity::warning, FixKind::none, Audience::everybody, "0.1.0",
     "a group holds a role that denies what another of its roles allows",
     "Some group holds two roles of which one denies what the other allows, and "
     "neither shows that it knows of the other. The deny wins, always. A role that "
     "denies part of what it lists or inherits itself is not reported, and neither is "
     "one that only denies: there it is plainly on purpose.\n\n"
     "Give the role that denies to others than those who need the scope, or let it "
     "inherit the other one.",
     R"(version = 1
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
     R"(version = 1
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
)"},
});

}  // namespace

std::span<const Rule> reach_rules() {
  return kRules;
}

void check_reach(const Subject& subject, Findings& findings) {
  Editor editor(subject.reading);
  analysis::Removed gone;
  const auto& policy = subject.engine != nullptr ? subject.engine->policy() : subject.policy();
  check_duplicates(policy, subject.inputs.now, editor, findings, gone);
  if (!has_sums(subject)) return;
  const Sums sums(subject);
  check_inherited(sums.policy, sums.graph, editor, findings, gone);
  check_roles(sums, editor, findings);
  check_entries(sums, gone, editor, findings);
}

}  // namespace mcpauth::policy::lint
