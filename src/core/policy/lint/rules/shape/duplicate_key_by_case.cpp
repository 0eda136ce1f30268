#include <unordered_map>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kDuplicateKeyByCase{
    .name = "duplicate-key-by-case",
    .code = "RB005",
    .severity = Severity::warning,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "Two definitions whose names differ only in case",
    .rationale =
        "Names are compared byte for byte, so `[roles.Dev]` and `[roles.dev]` are two roles. A "
        "reviewer mistakes one for the other, and so does the author of the next grant. Rename "
        "one of them so that nobody can confuse them, or merge them.",
    .bad = R"(version = 1
[roles.dev]
scopes = ["code:read"]
[roles.Dev]
#      ^
scopes = ["code:write"]
)",
    .good = R"(version = 1
[roles.dev]
scopes = ["code:read"]
[roles.dev-lead]
scopes = ["code:write"]
)"};

constexpr const Rule* kRules[] = {&kDuplicateKeyByCase};

/// Reports each name whose letters are those of an earlier one in another case.
template <class Items, class NameOf>
void check_names(const Items& items, std::string_view table, std::string_view what, NameOf name_of,
                 Findings& findings) {
  std::unordered_map<std::string, const policy::Text*> seen;
  for (const auto& item : items) {
    const policy::Text& name = name_of(item);
    const auto [first, is_new] = seen.try_emplace(text::lowered(name.value), &name);
    if (is_new || first->second->value == name.value) continue;
    auto& finding = findings.add(kDuplicateKeyByCase, name.place,
                                 text::format("{} `{}` and `{}` differ only in case", what,
                                              name.value, first->second->value));
    finding.label = text::format("another {}", what);
    finding.related.push_back({first->second->place, "defined here"});
    finding.hint = "give one of them another name, or join them";
    finding.path = text::format("{}.{}", table, name.value);
  }
}

void check(Context& context, Findings& findings) {
  const auto& policy = context.policy();
  const auto name_of = [](const auto& item) -> const policy::Text& { return item.name; };
  const auto pattern_of = [](const auto& tool) -> const policy::Text& { return tool.pattern; };
  check_names(policy.scopes, "scopes", "scope", name_of, findings);
  check_names(policy.tools, "tools", "tool", pattern_of, findings);
  check_names(policy.roles, "roles", "role", name_of, findings);
  check_names(policy.orgs, "orgs", "org", name_of, findings);
}

}  // namespace

RuleGroup duplicate_key_by_case() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
