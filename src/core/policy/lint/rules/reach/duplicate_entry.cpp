#include <algorithm>
#include <map>
#include <unordered_map>

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::Removed;
using policy::Text;
using Texts = std::vector<Text>;

constexpr Rule kDuplicateEntry{
    .name = "duplicate-entry",
    .code = "RB306",
    .severity = Severity::warning,
    .fix = FixKind::safe,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "The same entry twice in a list, or the same role granted twice to a group",
    .rationale =
        "The second entry has no effect while the first is there. Somebody who removes only "
        "one of them believes that something was withdrawn, but nothing was.\n\n"
        "Remove one of them.",
    .bad = R"(version = 1
[roles.reader]
scopes = ["db:read:*", "db:write:*", "db:read:*"]
#                                    ^
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)",
    .good = R"(version = 1
[roles.reader]
scopes = ["db:read:*", "db:write:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR"]
)"};

constexpr const Rule* kRules[] = {&kDuplicateEntry};

class Duplicates {
 public:
  Duplicates(Editor& editor, Findings& findings, Removed& reported)
      : editor_(editor), findings_(findings), reported_(reported) {}

  /// `where` is for the message: "the `scopes` of role `dev`"; `path` is the list's, which needs so
  /// many entries at least.
  void check(const Texts& list, const std::string& where, const std::string& path,
             std::size_t least = 0) {
    if (list.size() < 2) return;
    std::unordered_map<std::string_view, const Text*> seen;
    for (const auto& text : list) {
      const auto [first, is_new] = seen.try_emplace(text.value, &text);
      if (is_new) continue;
      auto& finding = add(text, *first->second, where, path);
      if (list.size() <= least) continue;
      finding.fix =
          editor_.without(list, text, text::format("take the second `{}` out", text.value));
    }
  }

 private:
  Finding& add(const Text& text, const Text& first, const std::string& where,
               const std::string& path) {
    reported_.insert(&text);
    auto& finding = findings_.add(kDuplicateEntry, text.place,
                                  text::format("`{}` is twice in {}", text.value, where));
    finding.label = "once more";
    finding.related.push_back({first.place, "already here"});
    finding.hint = "take one of them out";
    finding.path = text::format("{}[\"{}\"]#again", path, text.value);
    return finding;
  }

  Editor& editor_;
  Findings& findings_;
  Removed& reported_;
};

/// One group of a grant.
struct Held {
  const policy::Grant* grant;
  const Text* group;
};

/// Groups that are given the same role in the same org by more than one grant.
class Regrants {
 public:
  Regrants(const policy::Policy& policy, Instant now) {
    for (const auto& grant : policy.grants) {
      if (is_expired(grant, now)) continue;  // another rule's
      for (const auto& group : grant.groups)
        add({&grant, &group});
    }
  }

  /// The grant that gives this group at least as much for at least as long; null: none other does.
  const policy::Grant* beside(const policy::Grant& grant, const Text& group) const {
    const auto found = longest_.find(key(grant, group));
    if (found == longest_.end() || found->second.grant == &grant) return nullptr;
    return found->second.grant;
  }

 private:
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;

  static Key key(const policy::Grant& grant, const Text& group) {
    return {grant.role.value, grant.org ? std::string_view(grant.org->value) : "", group.value};
  }
  void add(const Held& held) {
    const auto [best, is_new] = longest_.try_emplace(key(*held.grant, *held.group), held);
    if (is_new || !best->second.grant->until) return;
    const auto& until = held.grant->until;
    if (!until || *until > *best->second.grant->until) best->second = held;
  }

  std::map<Key, Held> longest_;
};

void add_regrant(const policy::Grant& grant, const Text& group, const policy::Grant& beside,
                 bool whole, Editor& editor, Findings& findings) {
  auto& finding = findings.add(kDuplicateEntry, group.place,
                               text::format("`{}` is given role `{}` by another grant as well",
                                            group.value, grant.role.value));
  finding.label = "once more";
  finding.related.push_back({beside.place, "given here already"});
  finding.hint = "take it out of one of the two grants";
  finding.path = text::format("{}.groups[\"{}\"]#again", grant_name(grant), group.value);
  finding.fix = whole ? editor.without_table(
                            grant.place, grant.fields,
                            text::format("take the second grant of `{}` out", grant.role.value))
                      : editor.without(grant.groups, group,
                                       text::format("take the second `{}` out", group.value));
}

void check_regrants(const policy::Policy& policy, Instant now, Editor& editor, Findings& findings) {
  const Regrants regrants(policy, now);
  for (const auto& grant : policy.grants) {
    if (is_expired(grant, now)) continue;
    const auto is_again = [&](const Text& group) {
      return regrants.beside(grant, group) != nullptr;
    };
    const bool whole = std::ranges::all_of(grant.groups, is_again);
    for (const auto& group : grant.groups) {
      if (const auto* beside = regrants.beside(grant, group))
        add_regrant(grant, group, *beside, whole, editor, findings);
    }
  }
}

void check(Context& context, Findings& findings) {
  const auto& policy = context.policy();
  Duplicates duplicates(context.editor(), findings, context.reported());
  for (const auto& role : policy.roles) {
    const auto check = [&](const Texts& list, const std::string& name) {
      duplicates.check(list, text::format("the `{}` of role `{}`", name, role.name.value),
                       text::format("roles.{}.{}", role.name.value, name));
    };
    check(role.inherits, "inherits");
    check(role.scopes, "scopes");
    check(role.deny, "deny");
  }
  for (const auto& tool : policy.tools) {
    duplicates.check(tool.needs, text::format("what tool `{}` needs", tool.pattern.value),
                     text::format("tools[\"{}\"]", tool.pattern.value));
  }
  for (const auto& grant : policy.grants) {
    duplicates.check(grant.groups,
                     text::format("the `groups` of a grant of role `{}`", grant.role.value),
                     grant_name(grant) + ".groups");
  }
  for (const auto& org : policy.orgs) {
    if (!org.idps) continue;
    duplicates.check(*org.idps, text::format("the `idps` of org `{}`", org.name.value),
                     text::format("orgs.{}.idps", org.name.value));
  }
  for (const auto& separation : policy.separations) {
    duplicates.check(separation.never_both,
                     text::format("the `never_both` of separation `{}`", separation.name.value),
                     text::format("separation.{}.never_both", separation.name.value), 2);
  }
  check_regrants(policy, context.inputs().now, context.editor(), findings);
}

}  // namespace

RuleGroup duplicate_entry() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
