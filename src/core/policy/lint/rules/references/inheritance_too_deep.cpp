#include <unordered_map>

#include "core/codec/format.hpp"
#include "core/policy/engine/inheritance.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

using policy::Text;

constexpr Rule kInheritanceTooDeep{
    .name = "inheritance-too-deep",
    .code = "RB108",
    .severity = Severity::info,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A role that inherits through more than four others in a row",
    .rationale =
        "When a role is spread over six roles, nobody can tell what it gives by reading it. "
        "Let the role inherit what it needs directly, or merge the roles in between. Reported "
        "once for each chain, at the role where it becomes too long.",
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
)"};

constexpr const Rule* kRules[] = {&kInheritanceTooDeep};

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

void check(Context& context, Findings& findings) {
  if (!context.subject().is_usable()) return;
  const auto& policy = context.policy();
  constexpr unsigned kMost = 4;
  const auto depths = depths_of(policy);
  for (policy::RoleId id = 0; id < policy.roles.size(); ++id) {
    if (depths.depth[id] != kMost + 1) continue;
    const auto& role = policy.roles[id].name.value;
    auto& finding =
        findings.add(kInheritanceTooDeep, depths.through[id]->place,
                     text::format("role `{}` inherits through {} steps", role, kMost + 1));
    finding.why = role;
    for (auto at = id; depths.depth[at] > 0; at = depths.next[at])
      finding.why += " → " + policy.roles[depths.next[at]].name.value;
    finding.hint = "let it inherit what it needs straight";
    finding.path = text::format("roles.{}.inherits", role);
  }
}

}  // namespace

RuleGroup inheritance_too_deep() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
