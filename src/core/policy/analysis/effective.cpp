#include "core/policy/analysis/effective.hpp"

#include <algorithm>
#include <unordered_map>

namespace mcpauth::policy::analysis {
namespace {

struct RolesHash {
  std::size_t operator()(const std::vector<const policy::Role*>& roles) const {
    std::size_t hash = roles.size();
    for (const auto* role : roles)
      hash = hash * 0x9E3779B97F4A7C15U + std::hash<const void*>{}(role);
    return hash;
  }
};

/// Sorts groups into their equivalence classes.
class Classifier {
 public:
  Classifier(const policy::Engine& engine, std::vector<std::string> scopes, Instant now,
             std::size_t most)
      : engine_(engine), now_(now), left_(most), asked_(engine.ask(scopes)) {
    out_.scopes = std::move(scopes);
  }

  Effective run(std::vector<OrgGroup> groups) {
    out_.groups = std::move(groups);
    out_.class_of.reserve(out_.groups.size());
    for (std::size_t i = 0; i < out_.groups.size() && out_.is_complete; ++i) {
      const auto group_class = class_of(principal_of(out_.groups[i]));
      out_.class_of.push_back(group_class);
      if (group_class != Effective::kNothing) out_.classes[group_class].groups.push_back(i);
    }
    return std::move(out_);
  }

 private:
  using Roles = std::vector<const policy::Role*>;
  using ClassOf = std::unordered_map<Roles, std::size_t, RolesHash>;

  // There are many groups and few different sets of grants. The roles that follow from a set are
  // computed once.
  std::size_t class_of(const policy::Principal& principal) {
    auto granted = engine_.granted(principal, now_);
    spend(granted.size());
    if (granted.empty()) return Effective::kNothing;
    const auto [known, is_new] = by_granted_.try_emplace(std::move(granted), Effective::kNothing);
    if (is_new) known->second = class_by_held(principal);
    return known->second;
  }

  std::size_t class_by_held(const policy::Principal& principal) {
    auto held = engine_.roles(principal, now_);
    spend(held.size() * sizeof(policy::HeldRole));
    if (!out_.is_complete) return Effective::kNothing;
    Roles roles;
    roles.reserve(held.size());
    for (const auto& role : held)
      roles.push_back(role.role);
    const auto [group_class, is_new] = by_held_.try_emplace(std::move(roles), out_.classes.size());
    if (is_new) {
      spend(out_.scopes.size() * sizeof(policy::Standing));
      out_.classes.push_back({.roles = std::move(held),
                              .standing = engine_.standing(principal, asked_, now_),
                              .groups = {}});
    }
    return group_class->second;
  }

  void spend(std::size_t steps) {
    out_.is_complete = out_.is_complete && steps <= left_;
    left_ -= std::min(left_, steps);
  }

  const policy::Engine& engine_;
  Instant now_;
  std::size_t left_;
  policy::AskedScopes asked_;
  ClassOf by_granted_;
  ClassOf by_held_;
  Effective out_;
};

}  // namespace

Effective effective_of(const policy::Engine& engine, std::vector<OrgGroup> groups,
                       std::vector<std::string> scopes, Instant now, std::size_t most) {
  return Classifier(engine, std::move(scopes), now, most).run(std::move(groups));
}

}  // namespace mcpauth::policy::analysis
