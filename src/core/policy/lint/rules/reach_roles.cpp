#include <algorithm>
#include <unordered_map>

#include "core/policy/lint/rules/reach.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::RoleId;

/// Whether a grant leads to the role, whether it has expired or not and wherever its IdP speaks:
/// what keeps the grant from applying is found by other rules.
std::vector<bool> granted(const Sums& sums) {
  std::vector<RoleId> roots;
  for (const auto& grant : sums.policy.grants) {
    if (const auto id = sums.graph.find(grant.role.value)) roots.push_back(*id);
  }
  return sums.graph.inherited_by(roots);
}

void check_unreachable(const Sums& sums, const std::vector<bool>& granted, Editor& editor,
                       Findings& findings) {
  for (RoleId id = 0; id < granted.size(); ++id) {
    if (granted[id]) continue;
    const auto& role = sums.policy.roles[id];
    const auto& heirs = sums.graph.children()[id];
    auto& finding = findings.add("unreachable-role", role.name.place,
                                 "nobody can hold role `" + role.name.value + "`");
    finding.label = "no grant leads to it";
    finding.path = "roles." + role.name.value;
    finding.hint = "grant it, or take it out";
    if (heirs.empty()) {
      finding.fix =
          editor.without_table(role.place, role.fields, "take role `" + role.name.value + "` out");
      continue;
    }
    const auto& heir = sums.policy.roles[heirs.front()].name;
    finding.related.push_back({heir.place, "inherits it, and nobody can hold it either"});
    finding.hint = "take `" + heir.value + "` out first, or grant one of them";
  }
}

bool has_open_tool(const policy::Policy& policy) {
  return std::ranges::any_of(policy.tools, [](const auto& tool) { return tool.needs.empty(); });
}

void check_empty(const Sums& sums, const std::vector<bool>& granted, Findings& findings) {
  if (has_open_tool(sums.policy)) return;
  for (RoleId id = 0; id < granted.size(); ++id) {
    const auto& role = sums.policy.roles[id];
    const bool has_something =
        !role.inherits.empty() || !role.scopes.empty() || !role.deny.empty() || role.ttl;
    if (has_something || !granted[id]) continue;
    auto& finding = findings.add("vacuous-rule", role.name.place,
                                 "role `" + role.name.value + "` gives nothing to anybody");
    finding.label = "no scopes, no denies, no ttl";
    finding.path = "roles." + role.name.value;
    finding.hint = "list its scopes, or take the role and its grants out";
  }
}

/// What makes two roles the same.
class Sames {
 public:
  explicit Sames(const Sums& sums) : sums_(sums), ttl_(sums.policy.roles.size()) {
    for (const auto id : sums.graph.order()) {
      ttl_[id] = sums.policy.roles[id].ttl.value_or(std::chrono::seconds::max());
      for (const auto parent : sums.graph.parents()[id])
        ttl_[id] = std::min(ttl_[id], ttl_[parent]);
    }
  }

  /// An earlier role that comes to the same, or null.
  const policy::Role* add(RoleId id) {
    auto& bucket = buckets_[hash(id)];
    for (const auto other : bucket) {
      if (is_same(id, other)) return &sums_.policy.roles[other];
    }
    bucket.push_back(id);
    return nullptr;
  }

  bool is_empty(RoleId id) const {
    return every_word(id, id,
                      [](auto allows, auto denies, auto, auto) { return (allows | denies) == 0; });
  }

 private:
  analysis::Bits allows(RoleId id) const { return sums_.roles->allows.row(id); }
  analysis::Bits denies(RoleId id) const { return sums_.roles->denies.row(id); }

  /// Goes through what two roles give (an allow that the role itself denies gives nothing) and
  /// deny.
  template <class Is>
  bool every_word(RoleId a, RoleId b, Is is) const {
    for (std::size_t i = 0; i < denies(a).size(); ++i) {
      const auto of_a = denies(a)[i];
      const auto of_b = denies(b)[i];
      if (!is(allows(a)[i] & ~of_a, of_a, allows(b)[i] & ~of_b, of_b)) return false;
    }
    return true;
  }

  std::size_t hash(RoleId id) const {
    auto out = static_cast<std::size_t>(ttl_[id].count());
    (void)every_word(id, id, [&](auto allows, auto denies, auto, auto) {
      out = (out ^ allows) * 0x9E3779B97F4A7C15U;
      out = (out ^ denies) * 0x9E3779B97F4A7C15U;
      return true;
    });
    return out;
  }
  bool is_same(RoleId a, RoleId b) const {
    return ttl_[a] == ttl_[b] &&
           every_word(a, b, [](auto allows, auto denies, auto other_allows, auto other_denies) {
             return allows == other_allows && denies == other_denies;
           });
  }

  const Sums& sums_;
  std::vector<std::chrono::seconds> ttl_;
  std::unordered_map<std::size_t, std::vector<RoleId>> buckets_;
};

void check_same(const Sums& sums, const std::vector<bool>& granted, Findings& findings) {
  if (!sums.is_exact || !sums.roles) {
    findings.not_judged("redundant-roles", std::string(kTooLarge));
    return;
  }
  Sames sames(sums);
  for (RoleId id = 0; id < granted.size(); ++id) {
    if (!granted[id] || sames.is_empty(id)) continue;
    const auto* same = sames.add(id);
    if (same == nullptr) continue;
    const auto& role = sums.policy.roles[id];
    auto& finding = findings.add(
        "redundant-roles", role.name.place,
        "role `" + role.name.value + "` gives exactly what `" + same->name.value + "` gives");
    finding.related.push_back({same->name.place, "the same scopes, denies and lifetime"});
    finding.path = "roles." + role.name.value;
    finding.hint =
        "grant `" + same->name.value + "` instead, unless the two are to become different";
  }
}

}  // namespace

void check_roles(const Sums& sums, Editor& editor, Findings& findings) {
  const auto by_grant = granted(sums);
  check_unreachable(sums, by_grant, editor, findings);
  check_empty(sums, by_grant, findings);
  check_same(sums, by_grant, findings);
}

}  // namespace mcpauth::policy::lint
