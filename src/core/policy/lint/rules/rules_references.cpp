#include <functional>
#include <unordered_map>

#include "core/codec/json.hpp"
#include "core/policy/engine/inheritance.hpp"
#include "core/policy/engine/pattern.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/listed.hpp"

namespace mcpauth::policy::lint {
namespace {

using policy::Text;

constexpr Rule kRules[] = {
    {.name = policy::rule::kUndefinedRole,
     .code = "RB101",
     .severity = Severity::error,
     .fix = FixKind::unsafe,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A grant or a role names a role that is not defined",
     .rationale = "A role that does not exist grants nothing, and a deny that was to be inherited "
                  "denies nothing. The policy is refused until the name is mended or the role "
                  "defined.",
     .bad = R"(version = 1
[roles.hr-reader]
scopes = ["hr:read"]
[[grant]]
role = "hr-raeder"
#      ^
groups = ["okta:HR"]
)",
     .good = R"(version = 1
[roles.hr-reader]
scopes = ["hr:read"]
[[grant]]
role = "hr-reader"
groups = ["okta:HR"]
)"},
    {.name = policy::rule::kUndefinedScope,
     .code = "RB102",
     .severity = Severity::error,
     .fix = FixKind::unsafe,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A scope that is not in [scopes]",
     .rationale =
         "Where a policy lists its scopes, one that is not listed is a slip: nobody ever "
         "holds it, so a tool that needs it is closed to everybody and a role that names it "
         "gives less than it says. Mend the name, or add the scope to [scopes].",
     .bad = R"(version = 1
[scopes]
"hr:read" = { risk = "low" }
[roles.hr-reader]
scopes = ["hr:raed"]
#         ^
)",
     .good = R"(version = 1
[scopes]
"hr:read" = { risk = "low" }
[roles.hr-reader]
scopes = ["hr:read"]
)"},
    {.name = "undefined-tool",
     .code = "RB103",
     .severity = Severity::error,
     .fix = FixKind::unsafe,
     .audience = Audience::with_input,
     .since = "0.1.0",
     .summary = "A tool of [tools] that its server does not list",
     .rationale = "An exact name in [tools] comes before every pattern. Misspelt, it protects "
                  "nothing, and the "
                  "real tool falls under a pattern, perhaps a wider one. Judged with `--tools` for "
                  "the servers "
                  "that are in the catalogue, and for a server whose name is nearly that of one.",
     .bad = R"(version = 1
[tools]
"hr/get_employe" = ["hr:read"]
#<
[roles.hr]
scopes = ["hr:read"]
)",
     .good = R"(version = 1
[tools]
"hr/get_employee" = ["hr:read"]
"payments/create" = ["payments:create"]
[roles.hr]
scopes = ["hr:read"]
)"},
    {.name = policy::rule::kUndefinedOrg,
     .code = "RB104",
     .severity = Severity::error,
     .fix = FixKind::unsafe,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A grant in an org that is not in [orgs]",
     .rationale = "Where a policy lists its orgs, a grant in another one is a slip: it is for "
                  "nobody, or for an "
                  "org whose identity providers nobody has limited. Mend the name, or add the org "
                  "to [orgs].",
     .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
org = "acmee"
#     ^
[orgs.acme]
idps = ["okta"]
)",
     .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR"]
org = "acme"
[orgs.acme]
idps = ["okta"]
)"},
    {.name = "unknown-group",
     .code = "RB105",
     .severity = Severity::warning,
     .fix = FixKind::unsafe,
     .audience = Audience::with_input,
     .since = "0.1.0",
     .summary = "A group that the identity provider does not have",
     .rationale =
         "A grant to a group that does not exist is for nobody, until somebody makes a group of "
         "that "
         "name. Judged with `--groups` for the identity providers of which the file lists a group.",
     .bad = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR", "okta:Enginering"]
#                    ^
)",
     .good = R"(version = 1
[roles.hr]
scopes = ["hr:read"]
[[grant]]
role = "hr"
groups = ["okta:HR", "okta:Engineering", "entra:Somebody"]
)"},
    {.name = policy::rule::kInheritanceCycle,
     .code = "RB107",
     .severity = Severity::error,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A role that inherits itself, straight or through others",
     .rationale =
         "Roles that inherit each other in a circle are one role under several names, which "
         "nobody means. The policy is refused until one of them is taken out of the "
         "other's `inherits`.",
     .bad = R"(version = 1
[roles.a]
inherits = ["b"]
#           ^
[roles.b]
inherits = ["a"]
)",
     .good = R"(version = 1
[roles.a]
inherits = ["b"]
[roles.b]
scopes = ["hr:read"]
)"},
    {.name = "inheritance-too-deep",
     .code = "RB108",
     .severity = Severity::info,
     .fix = FixKind::none,
     .audience = Audience::everybody,
     .since = "0.1.0",
     .summary = "A role that inherits through more than four others in a row",
     .rationale =
         "What a role gives can no longer be told by reading it when it is spread over six "
         "roles. Let the role inherit what it needs straight, or join the steps between. "
         "Told once for each chain, at the role where it becomes too long.",
     .bad = R"(version = 1
[roles.a]
scopes = ["hr:read"]
[roles.b]
inherits = ["a"]
[roles.c]
inherits = ["b"]
[roles.d]
inherits = ["c"]
[roles.e]
inherits = ["d"]
[roles.f]
inherits = ["e"]
#           ^
)",
     .good = R"(version = 1
[roles.a]
scopes = ["hr:read"]
[roles.b]
inherits = ["a"]
[roles.c]
inherits = ["a", "b"]
)"},
};

template <class Items, class NameOf>
std::vector<std::string_view> views(const Items& items, NameOf name_of) {
  std::vector<std::string_view> out;
  out.reserve(items.size());
  for (const auto& item : items)
    out.push_back(std::invoke(name_of, item));
  return out;
}

Fix replacement(const Text& text, const std::string& by) {
  return {.title = "write `" + by + "`", .edits = {{text.place, json::quote(by)}}};
}

/// A name that a list does not have, and what to say of it.
struct Unlisted {
  std::string_view rule;
  const Text& text;
  std::string message;
  std::string path;
  std::string otherwise;  ///< the hint where nothing is near
};

void report_unlisted(Unlisted said, Listed& listed, Findings& findings) {
  auto& finding = findings.add(said.rule, said.text.place, std::move(said.message));
  finding.path = std::move(said.path);
  if (const auto near = listed.nearest(said.text.value)) {
    finding.hint = "did you mean `" + *near + "`?";
    finding.fix = replacement(said.text, *near);
  } else {
    finding.hint = std::move(said.otherwise);
  }
}

void check_tools(const Subject& subject, Findings& findings) {
  if (!subject.inputs.tools) return;
  Listed listed(views(*subject.inputs.tools, &ListedTool::name), '/');
  std::unordered_map<std::string, bool> near_servers;
  for (const auto& tool : subject.policy().tools) {
    const auto& pattern = tool.pattern;
    if (!policy::is_tool(pattern.value) || pattern.value.find('*') != std::string::npos) continue;
    if (listed.contains(pattern.value)) continue;
    if (!listed.has_head_of(pattern.value)) {
      constexpr std::size_t kMostServers = 1000;
      const auto server = pattern.value.substr(0, pattern.value.find('/'));
      if (near_servers.size() >= kMostServers && !near_servers.contains(server)) continue;
      const auto [found, is_new] = near_servers.try_emplace(server, false);
      if (is_new) found->second = listed.has_head_near(pattern.value);
      if (!found->second) continue;
    }
    report_unlisted(
        {"undefined-tool", pattern, "tool `" + pattern.value + "` is not listed by its server",
         "tools[" + json::quote(pattern.value) + "]",
         "take it out, or give the server's present list with --tools"},
        listed, findings);
  }
}

void check_grant_orgs(const Subject& subject, Findings& findings) {
  const auto& policy = subject.policy();
  if (policy.orgs.empty()) return;
  Listed listed(views(policy.orgs, [](const auto& org) -> auto& { return org.name.value; }), '\0');
  for (const auto& grant : policy.grants) {
    if (!grant.org || grant.org->value == "*" || listed.contains(grant.org->value)) continue;
    report_unlisted(
        {policy::rule::kUndefinedOrg, *grant.org, "org `" + grant.org->value + "` is not in [orgs]",
         "grant[" + json::quote(grant.role.value) + "].org[" + json::quote(grant.org->value) + "]",
         "add [orgs." + grant.org->value + "]"},
        listed, findings);
  }
}

void check_groups(const Subject& subject, Findings& findings) {
  if (!subject.inputs.groups) return;
  Listed listed(views(*subject.inputs.groups, std::identity()), ':');
  for (const auto& grant : subject.policy().grants) {
    for (const auto& group : grant.groups) {
      if (listed.contains(group.value) || !listed.has_head_of(group.value)) continue;
      report_unlisted(
          {"unknown-group", group, "group `" + group.value + "` is not in the list of groups",
           "grant[" + json::quote(grant.role.value) + "].groups[" + json::quote(group.value) + "]",
           "the grant is for nobody: take it out, or give the present list with --groups"},
          listed, findings);
    }
  }
}

/// How many roles each inherits in a row at most, and through which of its `inherits` that is.
struct Depths {
  std::vector<unsigned> depth;
  std::vector<const Text*> through;
  std::vector<policy::RoleId> next;
};

Depths depths_of(const policy::Policy& policy) {
  const auto count = policy.roles.size();
  std::unordered_map<std::string_view, policy::RoleId> ids;
  for (policy::RoleId id = 0; id < count; ++id)
    ids.try_emplace(policy.roles[id].name.value, id);
  policy::Parents parents(count);
  std::vector<std::vector<const Text*>> edges(count);
  for (policy::RoleId id = 0; id < count; ++id) {
    for (const auto& parent : policy.roles[id].inherits) {
      const auto found = ids.find(parent.value);
      if (found == ids.end()) continue;
      parents[id].push_back(found->second);
      edges[id].push_back(&parent);
    }
  }
  Depths out{std::vector<unsigned>(count), std::vector<const Text*>(count),
             std::vector<policy::RoleId>(count)};
  for (const auto id : policy::sort_inheritance(parents).order) {
    for (std::size_t i = 0; i < parents[id].size(); ++i) {
      const auto parent = parents[id][i];
      if (out.depth[parent] + 1 <= out.depth[id]) continue;
      out.depth[id] = out.depth[parent] + 1;
      out.through[id] = edges[id][i];
      out.next[id] = parent;
    }
  }
  return out;
}

void check_depth(const policy::Policy& policy, Findings& findings) {
  constexpr unsigned kMost = 4;
  const auto depths = depths_of(policy);
  for (policy::RoleId id = 0; id < policy.roles.size(); ++id) {
    if (depths.depth[id] != kMost + 1) continue;
    const auto& role = policy.roles[id].name.value;
    auto& finding = findings.add(
        "inheritance-too-deep", depths.through[id]->place,
        "role `" + role + "` inherits through " + std::to_string(kMost + 1) + " steps");
    finding.why = role;
    for (auto at = id; depths.depth[at] > 0; at = depths.next[at])
      finding.why += " → " + policy.roles[depths.next[at]].name.value;
    finding.hint = "let it inherit what it needs straight";
    finding.path = "roles." + role + ".inherits";
  }
}

}  // namespace

std::span<const Rule> references_rules() {
  return kRules;
}

void check_references(const Subject& subject, Findings& findings) {
  check_tools(subject, findings);
  check_grant_orgs(subject, findings);
  check_groups(subject, findings);
  if (subject.engine != nullptr) check_depth(subject.policy(), findings);
}

}  // namespace mcpauth::policy::lint
