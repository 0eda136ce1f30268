#include "core/policy/analysis/compared.hpp"

#include <algorithm>
#include <map>

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
    if (most_members(policies) > limits_.members) {
      return unfinished("there are more than " + std::to_string(limits_.members) +
                        " pairs of a group and an org");
    }
    choose_scopes(policies);
    add_kinds(policies);
    const auto tools = choose_tools(policies);
    if (only_ == nullptr) narrow(tools);
    if (!add_standing()) {
      return unfinished("there are more than " + std::to_string(limits_.cells) +
                        " combinations of scopes and kinds of groups");
    }
    add_scopes();
    add_tools(tools);
    find_candidates();
    return {.compared = std::move(compared_), .unsure = std::move(unsure_), .is_compared = true};
  }

 private:
  void unsure(std::string why) { unsure_.push_back(std::move(why)); }
  Prepared unfinished(std::string_view why) {
    unsure("nothing was compared: " + std::string(why));
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
    auto universe = universe_of(policies, limits_.scopes);
    if (!universe.is_complete) {
      unsure(
          "the scope patterns overlap in too many ways, so only scopes that are named were "
          "compared");
    }
    compared_.scopes = std::move(universe.scopes);
  }

  std::vector<Member> choose_members(const Policies& policies) const {
    auto members = members_of(policies);
    if (!skip_) return members;
    const auto all = effective_of(*engines_[1], std::move(members), {}, now_);
    std::vector<Member> kept;
    for (std::size_t i = 0; i < all.members.size(); ++i) {
      const auto kind = all.kind_of[i];
      const std::span<const policy::HeldRole> roles =
          kind == Effective::kNothing ? std::span<const policy::HeldRole>() : all.kinds[kind].roles;
      if (!skip_(all.members[i], roles)) kept.push_back(all.members[i]);
    }
    return kept;
  }

  void add_kinds(const Policies& policies) {
    const auto members = choose_members(policies);
    for (const std::size_t side : {0U, 1U})
      compared_.effective[side] = effective_of(*engines_[side], members, {}, now_);
    std::map<std::array<std::size_t, 2>, KindId> ids;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::array<std::size_t, 2> pair{compared_.effective[0].kind_of[i],
                                            compared_.effective[1].kind_of[i]};
      const auto [found, is_new] = ids.try_emplace(pair, compared_.kinds.size());
      if (is_new) compared_.kinds.push_back({.kind = pair});
      compared_.kinds[found->second].members.push_back(i);
      compared_.kind_of.push_back(found->second);
    }
  }

  std::vector<std::string> choose_tools(const Policies& policies) {
    if (only_ != nullptr && !only_->is_tool) return {};
    if (only_ != nullptr) return {only_->name};
    auto tools = tools_of(policies, limits_.tool_places);
    if (!tools.is_complete) {
      unsure("the tool patterns overlap in too many ways, so not each overlap was compared");
    }
    return std::move(tools.names);
  }

  /// Leaves out the scopes to which nobody stands differently, unless a tool needs them beside
  /// others: so a small change of a large policy is compared in little room.
  void narrow(const std::vector<std::string>& tools) {
    const RoleChanges changes(engines_[0]->policy(), engines_[1]->policy());
    std::vector<KindId> restless;
    for (KindId id = 0; id < compared_.kinds.size(); ++id) {
      if (!changes.are_alike(compared_.roles(Side::before, id), compared_.roles(Side::after, id)))
        restless.push_back(id);
    }
    if (2 * restless.size() * compared_.scopes.size() > limits_.cells) return;
    std::vector<bool> is_different(compared_.scopes.size());
    const std::array asked{engines_[0]->ask(compared_.scopes), engines_[1]->ask(compared_.scopes)};
    for (const KindId id : restless) {
      const auto who = principal_of(compared_.members()[compared_.kinds[id].members.front()]);
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
    const auto kinds = compared_.effective[0].kinds.size() + compared_.effective[1].kinds.size();
    if (kinds * compared_.scopes.size() > limits_.cells) return false;
    for (const std::size_t side : {0U, 1U}) {
      const auto asked = engines_[side]->ask(compared_.scopes);
      for (auto& kind : compared_.effective[side].kinds) {
        const auto principal = principal_of(compared_.members()[kind.members.front()]);
        kind.standing = engines_[side]->standing(principal, asked, now_);
      }
    }
    return true;
  }

  void add_scopes() {
    if (only_ != nullptr && only_->is_tool) return;
    for (ScopeId id = 0; id < compared_.scopes.size(); ++id) {
      compared_.items.push_back({.name = compared_.scopes[id]});
      const std::vector<ScopeId> needs{id};
      compared_.asks.push_back({.needs = {needs, needs}, .items = {id}});
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

  /// A tool of which a scope was left out is the same for everybody.
  bool is_left_out(const std::string& tool) const {
    const auto names = engines_[1]->needs(tool);
    return names && !std::ranges::all_of(*names, [&](const std::string& scope) {
             return std::ranges::binary_search(compared_.scopes, scope);
           });
  }

  void add_tools(const std::vector<std::string>& tools) {
    std::map<std::array<std::optional<std::vector<ScopeId>>, 2>, AskId> ids;
    for (const auto& tool : tools) {
      if (is_left_out(tool)) continue;
      Ask ask{.needs = {needs_of(*engines_[0], tool), needs_of(*engines_[1], tool)}};
      const auto [found, is_new] = ids.try_emplace(ask.needs, compared_.asks.size());
      if (is_new) compared_.asks.push_back(std::move(ask));
      compared_.asks[found->second].items.push_back(compared_.items.size());
      compared_.items.push_back({.name = tool, .is_tool = true, .pattern = pattern_of(tool)});
    }
  }

  /// For each kind the asks whose answer may be different: what they need is not the same, or the
  /// kind stands differently to a scope that is needed.
  void find_candidates() {
    std::vector<AskId> changed;
    std::vector<AskId> open;
    std::vector<std::vector<AskId>> asks_of(compared_.scopes.size());
    for (AskId id = 0; id < compared_.asks.size(); ++id) {
      const auto& needs = compared_.asks[id].needs;
      if (needs[0] != needs[1]) {
        changed.push_back(id);
      } else if (needs[0] && needs[0]->empty()) {
        open.push_back(id);
      } else if (needs[0]) {
        for (const ScopeId scope : *needs[0])
          asks_of[scope].push_back(id);
      }
    }
    for (KindId kind = 0; kind < compared_.kinds.size(); ++kind) {
      auto& found = compared_.kinds[kind].candidates;
      found = changed;
      if (compared_.holds_role(Side::before, kind) != compared_.holds_role(Side::after, kind)) {
        std::ranges::copy(open, std::back_inserter(found));
      }
      for (ScopeId scope = 0; scope < compared_.scopes.size(); ++scope) {
        if (compared_.standing(Side::before, kind, scope) ==
            compared_.standing(Side::after, kind, scope)) {
          continue;
        }
        if (!budget_.spend(asks_of[scope].size())) break;
        std::ranges::copy(asks_of[scope], std::back_inserter(found));
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

Prepared prepare(const Engines& engines, Instant now, const DiffLimits& limits, const Item* only,
                 const Skip& skip, Budget& budget) {
  return Preparation(engines, now, limits, only, skip, budget).run();
}

}  // namespace mcpauth::policy::analysis
