#include "core/policy/analysis/compared.hpp"

#include <algorithm>
#include <map>

#include "core/codec/format.hpp"
#include "core/policy/analysis/role_changes.hpp"
#include "core/policy/analysis/witness_scopes.hpp"
#include "core/policy/analysis/witness_tools.hpp"

namespace mcpauth::policy::analysis {
namespace {

using policy::Engine;
using policy::Policy;
using Policies = std::array<const Policy*, 2>;

/// Puts two policies side by side, step by step.
class Preparation {
 public:
  Preparation(const Engines& engines, Instant now, const DiffLimits& limits, const Item* only,
              const Skip& skip, Budget& budget)
      : engines_(engines), now_(now), limits_(limits), only_(only), skip_(skip), budget_(budget) {}

  Prepared run() {
    const Policies policies{&engines_[0]->policy(), &engines_[1]->policy()};
    if (most_org_groups(policies) > limits_.org_groups) {
      return unfinished(
          text::format("there are more than {} pairs of a group and an org", limits_.org_groups));
    }
    choose_scopes(policies);
    add_classes(policies);
    const auto tools = choose_tools(policies);
    if (only_ == nullptr) narrow(tools);
    if (!add_standing()) {
      return unfinished(text::format(
          "there are more than {} combinations of scopes and kinds of groups", limits_.cells));
    }
    add_scopes();
    add_tools(tools);
    find_candidates();
    return {.compared = std::move(compared_), .unsure = std::move(unsure_), .is_compared = true};
  }

 private:
  void unsure(std::string why) { unsure_.push_back(std::move(why)); }
  Prepared unfinished(std::string_view why) {
    unsure(text::format("nothing was compared: {}", why));
    return {.compared = {}, .unsure = std::move(unsure_), .is_compared = false};
  }

  void choose_scopes(const Policies& policies) {
    if (only_ != nullptr) {
      compared_.scopes = only_->is_tool ? std::vector<std::string>() : std::vector{only_->name};
      for (const auto* engine : engines_) {
        if (!only_->is_tool) continue;
        for (auto& scope : engine->needs(only_->name).value_or(std::vector<std::string>()))
          compared_.scopes.push_back(std::move(scope));
      }
      std::ranges::sort(compared_.scopes);
      compared_.scopes.erase(std::ranges::unique(compared_.scopes).begin(), compared_.scopes.end());
      return;
    }
    auto witnesses = witness_scopes(policies, limits_.scopes);
    if (!witnesses.is_complete) {
      unsure("the scope patterns overlap in too many ways, so only the named scopes were compared");
    }
    compared_.scopes = std::move(witnesses.scopes);
  }

  std::vector<OrgGroup> choose_groups(const Policies& policies) const {
    auto groups = org_groups_of(policies);
    if (!skip_) return groups;
    const auto all = effective_of(*engines_[1], std::move(groups), {}, now_);
    std::vector<OrgGroup> kept;
    for (std::size_t i = 0; i < all.groups.size(); ++i) {
      const auto group_class = all.class_of[i];
      const std::span<const policy::HeldRole> roles = group_class == Effective::kNothing
                                                          ? std::span<const policy::HeldRole>()
                                                          : all.classes[group_class].roles;
      if (!skip_(all.groups[i], roles)) kept.push_back(all.groups[i]);
    }
    return kept;
  }

  void add_classes(const Policies& policies) {
    const auto groups = choose_groups(policies);
    for (const std::size_t side : {0U, 1U})
      compared_.effective[side] = effective_of(*engines_[side], groups, {}, now_);
    std::map<std::array<std::size_t, 2>, ClassId> ids;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::array<std::size_t, 2> pair{compared_.effective[0].class_of[i],
                                            compared_.effective[1].class_of[i]};
      const auto [found, is_new] = ids.try_emplace(pair, compared_.classes.size());
      if (is_new) compared_.classes.push_back({.by_side = pair});
      compared_.classes[found->second].groups.push_back(i);
      compared_.class_of.push_back(found->second);
    }
  }

  std::vector<std::string> choose_tools(const Policies& policies) {
    if (only_ != nullptr && !only_->is_tool) return {};
    if (only_ != nullptr) return {only_->name};
    auto tools = witness_tools(policies, limits_.tool_places);
    if (!tools.is_complete) {
      unsure("the tool patterns overlap in too many ways, so not every overlap was compared");
    }
    return std::move(tools.names);
  }

  /// Leaves out the scopes where nobody's standing differs, unless a tool needs them together with
  /// others. This keeps the comparison small where a large policy changes little.
  void narrow(const std::vector<std::string>& tools) {
    const RoleChanges changes(engines_[0]->policy(), engines_[1]->policy());
    std::vector<ClassId> changed;
    for (ClassId id = 0; id < compared_.classes.size(); ++id) {
      if (!changes.are_alike(compared_.roles(Side::before, id), compared_.roles(Side::after, id)))
        changed.push_back(id);
    }
    if (2 * changed.size() * compared_.scopes.size() > limits_.cells) return;
    std::vector<bool> is_different(compared_.scopes.size());
    const std::array asked{engines_[0]->ask(compared_.scopes), engines_[1]->ask(compared_.scopes)};
    for (const ClassId id : changed) {
      const auto who = principal_of(compared_.groups()[compared_.classes[id].groups.front()]);
      const auto before = engines_[0]->standing(who, asked[0], now_);
      const auto after = engines_[1]->standing(who, asked[1], now_);
      for (std::size_t i = 0; i < is_different.size(); ++i)
        is_different[i] = is_different[i] || before[i] != after[i];
    }
    auto is_kept = is_different;
    for (const auto& tool : tools) {
      const auto before = needs_of(*engines_[0], tool);
      const auto after = needs_of(*engines_[1], tool);
      const bool matters =
          before != after || (before && std::ranges::any_of(*before, [&](ScopeId scope) {
                                return is_different[scope];
                              }));
      for (const auto* needs : {&before, &after}) {
        for (std::size_t i = 0; matters && *needs && i < (*needs)->size(); ++i)
          is_kept[(**needs)[i]] = true;
      }
    }
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < is_kept.size(); ++i) {
      if (is_kept[i]) kept.push_back(std::move(compared_.scopes[i]));
    }
    compared_.scopes = std::move(kept);
  }

  bool add_standing() {
    const auto classes =
        compared_.effective[0].classes.size() + compared_.effective[1].classes.size();
    if (classes * compared_.scopes.size() > limits_.cells) return false;
    for (const std::size_t side : {0U, 1U}) {
      const auto asked = engines_[side]->ask(compared_.scopes);
      for (auto& one : compared_.effective[side].classes) {
        const auto principal = principal_of(compared_.groups()[one.groups.front()]);
        one.standing = engines_[side]->standing(principal, asked, now_);
      }
    }
    return true;
  }

  void add_scopes() {
    if (only_ != nullptr && only_->is_tool) return;
    for (ScopeId id = 0; id < compared_.scopes.size(); ++id) {
      compared_.items.push_back({.name = compared_.scopes[id]});
      const std::vector<ScopeId> needs{id};
      compared_.requirements.push_back({.needs = {needs, needs}, .items = {id}});
    }
  }

  std::optional<std::vector<ScopeId>> needs_of(const Engine& engine,
                                               const std::string& tool) const {
    const auto names = engine.needs(tool);
    if (!names) return std::nullopt;
    std::vector<ScopeId> ids;
    for (const auto& scope : *names) {
      const auto at = std::ranges::lower_bound(compared_.scopes, scope);
      ids.push_back(static_cast<ScopeId>(at - compared_.scopes.begin()));
    }
    std::ranges::sort(ids);
    return ids;
  }

  std::string pattern_of(const std::string& tool) const {
    const policy::Principal anybody{
        .idp = "any", .subject = "anybody", .org = "any", .groups = {}, .client_id = {}};
    for (const auto* engine : {engines_[1], engines_[0]}) {
      const auto* entry = engine->tool(anybody, tool, now_).tool;
      if (entry != nullptr) return entry->pattern.value == tool ? "" : entry->pattern.value;
    }
    return {};
  }

  /// A tool is the same for everybody when a scope that it needs was left out.
  bool is_left_out(const std::string& tool) const {
    const auto names = engines_[1]->needs(tool);
    return names && !std::ranges::all_of(*names, [&](const std::string& scope) {
             return std::ranges::binary_search(compared_.scopes, scope);
           });
  }

  void add_tools(const std::vector<std::string>& tools) {
    std::map<std::array<std::optional<std::vector<ScopeId>>, 2>, RequirementId> ids;
    for (const auto& tool : tools) {
      if (is_left_out(tool)) continue;
      Requirement requirement{
          .needs = {needs_of(*engines_[0], tool), needs_of(*engines_[1], tool)}};
      const auto [found, is_new] =
          ids.try_emplace(requirement.needs, compared_.requirements.size());
      if (is_new) compared_.requirements.push_back(std::move(requirement));
      compared_.requirements[found->second].items.push_back(compared_.items.size());
      compared_.items.push_back({.name = tool, .is_tool = true, .pattern = pattern_of(tool)});
    }
  }

  /// Finds the requirements whose answer may differ for each class: what they need has changed, or
  /// the standing to a scope that they need has.
  void find_candidates() {
    std::vector<RequirementId> changed;  // they need other scopes than before
    std::vector<RequirementId> open;     // they need none
    std::vector<std::vector<RequirementId>> requirements_of(compared_.scopes.size());
    for (RequirementId id = 0; id < compared_.requirements.size(); ++id) {
      const auto& needs = compared_.requirements[id].needs;
      if (needs[0] != needs[1]) {
        changed.push_back(id);
      } else if (needs[0] && needs[0]->empty()) {
        open.push_back(id);
      } else if (needs[0]) {
        for (const ScopeId scope : *needs[0])
          requirements_of[scope].push_back(id);
      }
    }
    for (ClassId id = 0; id < compared_.classes.size(); ++id) {
      auto& found = compared_.classes[id].candidates;
      found = changed;
      if (compared_.holds_role(Side::before, id) != compared_.holds_role(Side::after, id)) {
        std::ranges::copy(open, std::back_inserter(found));
      }
      for (ScopeId scope = 0; scope < compared_.scopes.size(); ++scope) {
        if (compared_.standing(Side::before, id, scope) ==
            compared_.standing(Side::after, id, scope)) {
          continue;
        }
        if (!budget_.spend(requirements_of[scope].size())) break;
        std::ranges::copy(requirements_of[scope], std::back_inserter(found));
      }
      std::ranges::sort(found);
      found.erase(std::ranges::unique(found).begin(), found.end());
      if (!budget_.spend(compared_.scopes.size() + found.size())) found.clear();
    }
  }

  const Engines& engines_;
  Instant now_;
  const DiffLimits& limits_;
  const Item* only_;
  const Skip& skip_;
  Budget& budget_;
  Compared compared_;
  std::vector<std::string> unsure_;
};

}  // namespace

bool Compared::allows(Side side, std::span<const ClassId> of, RequirementId id) const {
  const auto& wanted = needs(side, id);
  if (!wanted) return false;
  if (wanted->empty()) {
    return std::ranges::any_of(of, [&](ClassId one) { return holds_role(side, one); });
  }
  return std::ranges::all_of(*wanted, [&](ScopeId scope) {
    auto together = policy::Standing::absent;
    for (const ClassId one : of)
      together = policy::combined(together, standing(side, one, scope));
    return together == policy::Standing::allowed;
  });
}

Prepared prepare(const Engines& engines, Instant now, const DiffLimits& limits, const Item* only,
                 const Skip& skip, Budget& budget) {
  return Preparation(engines, now, limits, only, skip, budget).run();
}

}  // namespace mcpauth::policy::analysis
