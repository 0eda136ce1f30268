#include <algorithm>
#include <unordered_map>

#include "core/codec/format.hpp"
#include "core/policy/lint/rules/families.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::RoleId;

constexpr Rule kRedundantRoles{
    .name = "redundant-roles",
    .code = "RB305",
    .severity = Severity::info,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "Two roles that give the same",
    .rationale =
        "Two roles with the same scopes, denies and lifetime have to be kept the same by hand, "
        "and one day they will differ.\n\n"
        "Grant one of them in place of both, or leave them as they are if they are about to "
        "become different.",
    .bad = R"(version = 1
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
    .good = R"(version = 1
[roles.reader]
scopes = ["db:read:*"]
[[grant]]
role   = "reader"
groups = ["okta:HR", "okta:Engineering"]
)"};

constexpr const Rule* kRules[] = {&kRedundantRoles};

/// What makes two roles the same.
class Sames {
 public:
  explicit Sames(const PolicyFacts& facts) : facts_(facts), ttl_(facts.policy.roles.size()) {
    for (const auto id : facts.graph.order()) {
      ttl_[id] = facts.policy.roles[id].ttl.value_or(std::chrono::seconds::max());
      for (const auto parent : facts.graph.parents()[id])
        ttl_[id] = std::min(ttl_[id], ttl_[parent]);
    }
  }

  /// An earlier role that comes to the same, or null.
  const policy::Role* add(RoleId id) {
    auto& bucket = buckets_[hash(id)];
    for (const auto other : bucket) {
      if (is_same(id, other)) return &facts_.policy.roles[other];
    }
    bucket.push_back(id);
    return nullptr;
  }

  bool is_empty(RoleId id) const {
    return every_word(id, id,
                      [](auto allows, auto denies, auto, auto) { return (allows | denies) == 0; });
  }

 private:
  analysis::Bits allows(RoleId id) const { return facts_.roles->allows.row(id); }
  analysis::Bits denies(RoleId id) const { return facts_.roles->denies.row(id); }

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

  const PolicyFacts& facts_;
  std::vector<std::chrono::seconds> ttl_;
  std::unordered_map<std::size_t, std::vector<RoleId>> buckets_;
};

void check(Context& context, Findings& findings) {
  if (context.facts() == nullptr) return;
  const auto& facts = *context.facts();
  if (!facts.is_exact || !facts.roles) {
    findings.not_judged(kRedundantRoles, kTooLarge);
    return;
  }
  Sames sames(facts);
  for (RoleId id = 0; id < facts.is_granted.size(); ++id) {
    if (!facts.is_granted[id] || sames.is_empty(id)) continue;
    const auto* same = sames.add(id);
    if (same == nullptr) continue;
    const auto& role = facts.policy.roles[id];
    auto& finding = findings.add(
        kRedundantRoles, role.name.place,
        text::format("role `{}` gives exactly what `{}` gives", role.name.value, same->name.value));
    finding.related.push_back({same->name.place, "the same scopes, denies and lifetime"});
    finding.path = "roles." + role.name.value;
    finding.hint = text::format("grant `{}` instead, unless the two are to become different",
                                same->name.value);
  }
}

}  // namespace

RuleGroup redundant_roles() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
