#include <algorithm>
#include <unordered_map>

#include "core/codec/format.hpp"
#include "core/policy/engine/role_set.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::Removed;
using policy::Text;
using Texts = std::vector<Text>;

constexpr Rule kRedundantInheritedScope{
    .name = "redundant-inherited-scope",
    .code = "RB308",
    .severity = Severity::info,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "A role lists what it inherits",
    .rationale =
        "A role need not list a scope that it inherits. If it does, it keeps the scope when "
        "the scope is removed from the other role, which is seldom intended.\n\n"
        "Remove the scope from the role that inherits.",
    .bad = R"(version = 1
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
    .good = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[roles.writer]
inherits = ["reader"]
scopes = ["db:write:*"]
[[grant]]
role   = "writer"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kRedundantInheritedScope};

/// The roles that list each pattern.
using Listing = std::unordered_map<std::string_view, std::vector<policy::RoleId>>;

class Inherited {
 public:
  Inherited(const PolicyFacts& facts, Editor& editor, Findings& findings, const Removed& reported)
      : policy_(facts.policy),
        graph_(facts.graph),
        editor_(editor),
        findings_(findings),
        reported_(reported) {
    const auto roles = policy_.roles.size();
    closed_.assign(roles, policy::RoleSet(roles));
    for (const auto id : graph_.order()) {
      closed_[id].insert(id);
      for (const auto parent : graph_.parents()[id])
        closed_[id].insert_all(closed_[parent]);
    }
  }

  void check(Texts policy::Role::* list, std::string_view name) {
    Listing listing;
    for (policy::RoleId id = 0; id < policy_.roles.size(); ++id) {
      for (const auto& text : policy_.roles[id].*list) {
        if (!reported_.contains(&text)) listing[text.value].push_back(id);
      }
    }
    for (policy::RoleId id = 0; id < policy_.roles.size(); ++id) {
      if (graph_.parents()[id].empty()) continue;
      for (const auto& text : policy_.roles[id].*list) {
        if (reported_.contains(&text)) continue;
        const auto from = lister(id, listing[text.value]);
        if (left_ == 0) {
          findings_.not_judged(kRedundantInheritedScope, kTooLarge);
          return;
        }
        if (from) add(id, policy_.roles[id].*list, text, name, policy_.roles[*from].*list, *from);
      }
    }
  }

  const Removed& found() const { return found_; }

 private:
  std::optional<policy::RoleId> lister(policy::RoleId role,
                                       const std::vector<policy::RoleId>& listing) {
    for (const auto other : listing) {
      if (left_ > 0) --left_;
      if (other != role && closed_[role].contains(other)) return other;
    }
    return std::nullopt;
  }

  void add(policy::RoleId id, const Texts& list, const Text& text, std::string_view name,
           const Texts& other, policy::RoleId from) {
    found_.insert(&text);
    const auto& role = policy_.roles[id];
    auto& finding = findings_.add(
        kRedundantInheritedScope, text.place,
        text::format("role `{}` lists `{}` in its `{}` and inherits it from `{}`", role.name.value,
                     text.value, name, policy_.roles[from].name.value));
    finding.label = "inherited already";
    if (const auto there = std::ranges::find(other, text.value, &Text::value); there != other.end())
      finding.related.push_back({there->place, "listed here"});
    constexpr std::size_t kMostChains = 1'000;
    if (found_.size() <= kMostChains)
      finding.why = chain(graph_, policy_, {}, id, from, text.value);
    finding.hint = text::format("take it out of `{}`", role.name.value);
    finding.path = entry_path(role, name, text.value);
    finding.fix =
        editor_.without(list, text, text::format("take `{}` out, which is inherited", text.value));
  }

  const policy::Policy& policy_;
  const analysis::RoleGraph& graph_;
  Editor& editor_;
  Findings& findings_;
  const Removed& reported_;
  Removed found_;
  std::vector<policy::RoleSet> closed_;
  std::size_t left_ = 200'000'000;
};

void check(Context& context, Findings& findings) {
  if (context.facts() == nullptr) return;
  Inherited inherited(*context.facts(), context.editor(), findings, context.reported());
  inherited.check(&policy::Role::scopes, "scopes");
  inherited.check(&policy::Role::deny, "deny");
  context.reported().insert(inherited.found().begin(), inherited.found().end());
}

}  // namespace

RuleGroup redundant_inherited_scope() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
