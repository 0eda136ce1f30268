#include <algorithm>
#include <map>
#include <unordered_map>

#include "core/policy/engine/role_set.hpp"
#include "core/policy/lint/rules/reach.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::Removed;
using policy::Text;
using Texts = std::vector<Text>;

class Duplicates {
 public:
  Duplicates(Editor& editor, Findings& findings, Removed& gone)
      : editor_(editor), findings_(findings), gone_(gone) {}

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
      finding.fix = editor_.without(list, text, "take the second `" + text.value + "` out");
    }
  }

 private:
  Finding& add(const Text& text, const Text& first, const std::string& where,
               const std::string& path) {
    gone_.insert(&text);
    auto& finding =
        findings_.add("duplicate-entry", text.place, "`" + text.value + "` is twice in " + where);
    finding.label = "once more";
    finding.related.push_back({first.place, "already here"});
    finding.hint = "take one of them out";
    finding.path = path + "[\"" + text.value + "\"]#again";
    return finding;
  }

  Editor& editor_;
  Findings& findings_;
  Removed& gone_;
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
      if (grant.until && *grant.until <= now) continue;  // another rule's
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
  auto& finding = findings.add(
      "duplicate-entry", group.place,
      "`" + group.value + "` is given role `" + grant.role.value + "` by another grant as well");
  finding.label = "once more";
  finding.related.push_back({beside.place, "given here already"});
  finding.hint = "take it out of one of the two grants";
  finding.path = grant_name(grant) + ".groups[\"" + group.value + "\"]#again";
  finding.fix =
      whole ? editor.without_table(grant.place, grant.fields,
                                   "take the second grant of `" + grant.role.value + "` out")
            : editor.without(grant.groups, group, "take the second `" + group.value + "` out");
}

void check_regrants(const policy::Policy& policy, Instant now, Editor& editor, Findings& findings) {
  const Regrants regrants(policy, now);
  for (const auto& grant : policy.grants) {
    if (grant.until && *grant.until <= now) continue;
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

/// The roles that list each pattern.
using Listing = std::unordered_map<std::string_view, std::vector<policy::RoleId>>;

class Inherited {
 public:
  Inherited(const policy::Policy& policy, const analysis::RoleGraph& graph, Editor& editor,
            Findings& findings, Removed& gone)
      : policy_(policy), graph_(graph), editor_(editor), findings_(findings), gone_(gone) {
    const auto roles = policy.roles.size();
    closed_.assign(roles, policy::RoleSet(roles));
    for (const auto id : graph.order()) {
      closed_[id].insert(id);
      for (const auto parent : graph.parents()[id])
        closed_[id].insert_all(closed_[parent]);
    }
  }

  void check(Texts policy::Role::* list, std::string_view name) {
    Listing listing;
    for (policy::RoleId id = 0; id < policy_.roles.size(); ++id) {
      for (const auto& text : policy_.roles[id].*list) {
        if (!gone_.contains(&text)) listing[text.value].push_back(id);
      }
    }
    for (policy::RoleId id = 0; id < policy_.roles.size(); ++id) {
      if (graph_.parents()[id].empty()) continue;
      for (const auto& text : policy_.roles[id].*list) {
        if (gone_.contains(&text)) continue;
        const auto from = lister(id, listing[text.value]);
        if (left_ == 0) {
          findings_.not_judged("redundant-inherited-scope", std::string(kTooLarge));
          return;
        }
        if (from) add(id, policy_.roles[id].*list, text, name, policy_.roles[*from].*list, *from);
      }
    }
  }

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
        "redundant-inherited-scope", text.place,
        "role `" + role.name.value + "` lists `" + text.value + "` in its `" + std::string(name) +
            "` and inherits it from `" + policy_.roles[from].name.value + "`");
    finding.label = "inherited already";
    if (const auto there = std::ranges::find(other, text.value, &Text::value); there != other.end())
      finding.related.push_back({there->place, "listed here"});
    constexpr std::size_t kMostChains = 1'000;
    if (found_.size() <= kMostChains)
      finding.why = chain(graph_, policy_, {}, id, from, text.value);
    finding.hint = "take it out of `" + role.name.value + "`";
    finding.path = entry_path(role, name, text.value);
    finding.fix = editor_.without(list, text, "take `" + text.value + "` out, which is inherited");
  }

 public:
  /// What was found, to be taken for gone once both lists were looked at.
  const Removed& found() const { return found_; }

 private:
  const policy::Policy& policy_;
  const analysis::RoleGraph& graph_;
  Editor& editor_;
  Findings& findings_;
  const Removed& gone_;
  Removed found_;
  std::vector<policy::RoleSet> closed_;
  std::size_t left_ = 200'000'000;
};

}  // namespace

std::string entry_path(const policy::Role& role, std::string_view list, std::string_view entry) {
  return "roles." + role.name.value + "." + std::string(list) + "[\"" + std::string(entry) + "\"]";
}

std::string grant_name(const policy::Grant& grant) {
  return "grant." + grant.role.value + (grant.org ? "@" + grant.org->value : "");
}

std::string grant_path(const policy::Grant& grant) {
  std::vector<std::string_view> groups;
  for (const auto& group : grant.groups)
    groups.push_back(group.value);
  std::ranges::sort(groups);
  std::string list;
  for (const auto group : groups)
    list.append(list.empty() ? "" : ",").append(group);
  return grant_name(grant) + "[" + list + "]";
}

void check_duplicates(const policy::Policy& policy, Instant now, Editor& editor, Findings& findings,
                      Removed& gone) {
  Duplicates duplicates(editor, findings, gone);
  for (const auto& role : policy.roles) {
    const auto check = [&](const Texts& list, const std::string& name) {
      duplicates.check(list, "the `" + name + "` of role `" + role.name.value + "`",
                       "roles." + role.name.value + "." + name);
    };
    check(role.inherits, "inherits");
    check(role.scopes, "scopes");
    check(role.deny, "deny");
  }
  for (const auto& tool : policy.tools) {
    duplicates.check(tool.needs, "what tool `" + tool.pattern.value + "` needs",
                     "tools[\"" + tool.pattern.value + "\"]");
  }
  for (const auto& grant : policy.grants) {
    duplicates.check(grant.groups, "the `groups` of a grant of role `" + grant.role.value + "`",
                     grant_name(grant) + ".groups");
  }
  for (const auto& org : policy.orgs) {
    if (!org.idps) continue;
    duplicates.check(*org.idps, "the `idps` of org `" + org.name.value + "`",
                     "orgs." + org.name.value + ".idps");
  }
  for (const auto& separation : policy.separations) {
    duplicates.check(separation.never_both,
                     "the `never_both` of separation `" + separation.name.value + "`",
                     "separation." + separation.name.value + ".never_both", 2);
  }
  check_regrants(policy, now, editor, findings);
}

void check_inherited(const policy::Policy& policy, const analysis::RoleGraph& graph, Editor& editor,
                     Findings& findings, Removed& gone) {
  Inherited inherited(policy, graph, editor, findings, gone);
  inherited.check(&policy::Role::scopes, "scopes");
  inherited.check(&policy::Role::deny, "deny");
  gone.insert(inherited.found().begin(), inherited.found().end());
}

}  // namespace mcpauth::policy::lint
