#include "core/analysis/diff.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/analysis/compared.hpp"
#include "core/analysis/tools.hpp"
#include "core/analysis/universe.hpp"

namespace mcpauth::analysis {
namespace {

using policy::Engine;
using policy::Policy;
using Policies = std::array<const Policy*, 2>;

/// Groups that hold something in every org are members of each org that names its IdPs.
std::size_t most_members(const Policies& policies) {
  std::unordered_set<std::string_view> everywhere;
  std::size_t named = 0;
  std::size_t judging = 0;
  for (const auto* policy : policies) {
    for (const auto& grant : policy->grants) {
      if (grant.org) {
        named += grant.groups.size();
        continue;
      }
      for (const auto& group : grant.groups)
        everywhere.insert(group.value);
    }
    judging += static_cast<std::size_t>(
        std::ranges::count_if(policy->orgs, [](const auto& org) { return org.idps.has_value(); }));
  }
  return named + everywhere.size() * (judging + 1);
}

/// Compares, step by step.
class Comparison {
 public:
  Comparison(const Engine& before, const Engine& after, Instant now, const DiffLimits& limits)
      : engines_{&before, &after}, now_(now), limits_(limits), budget_(limits.work) {}

  Difference run() {
    const Policies policies{&engines_[0]->policy(), &engines_[1]->policy()};
    if (most_members(policies) > limits_.members) {
      return unfinished("there are more than " + std::to_string(limits_.members) +
                        " pairs of a group and an org");
    }
    auto universe = universe_of(policies, limits_.scopes);
    if (!universe.is_complete) {
      unsure(
          "the scope patterns overlap in too many ways, so only scopes that are named were "
          "compared");
    }
    compared_.scopes = std::move(universe.scopes);
    if (!add_kinds(policies)) {
      return unfinished("more than " + std::to_string(limits_.cells) +
                        " combinations of scopes and kinds of groups");
    }
    add_scopes();
    add_tools(policies);
    find_candidates();
    find_alone();
    add_together(find_together(compared_, budget_));
    if (budget_.is_spent()) {
      unsure(
          "the policies are too large to compare everything, so some differences may be missing");
    }
    return finish();
  }

 private:
  void unsure(std::string why) { out_.unsure.push_back(std::move(why)); }
  Difference unfinished(std::string why) {
    unsure("nothing was compared: " + why);
    out_.verdict = Verdict::unknown;
    return std::move(out_);
  }

  bool add_kinds(const Policies& policies) {
    const auto members = members_of(policies);
    std::size_t kinds = 0;
    for (const std::size_t side : {0U, 1U}) {
      compared_.effective[side] = effective_of(*engines_[side], members, {}, now_);
      kinds += compared_.effective[side].kinds.size();
    }
    if (kinds * compared_.scopes.size() > limits_.cells) return false;
    for (const std::size_t side : {0U, 1U}) {
      for (auto& kind : compared_.effective[side].kinds) {
        const auto principal = principal_of(members[kind.members.front()]);
        kind.standing = engines_[side]->standing(principal, compared_.scopes, now_);
      }
    }
    std::map<std::array<std::size_t, 2>, KindId> ids;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::array<std::size_t, 2> pair{compared_.effective[0].kind_of[i],
                                            compared_.effective[1].kind_of[i]};
      const auto [found, is_new] = ids.try_emplace(pair, compared_.kinds.size());
      if (is_new) compared_.kinds.push_back({.kind = pair});
      compared_.kinds[found->second].members.push_back(i);
      compared_.kind_of.push_back(found->second);
    }
    return true;
  }

  void add_scopes() {
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

  void add_tools(const Policies& policies) {
    const auto tools = tools_of(policies, limits_.tool_places);
    if (!tools.is_complete) {
      unsure("the tool patterns overlap in too many ways, so not each overlap was compared");
    }
    std::map<std::array<std::optional<std::vector<ScopeId>>, 2>, AskId> ids;
    for (const auto& tool : tools.names) {
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

  std::size_t cost(AskId ask) const {
    std::size_t steps = 1;
    for (const auto& needs : compared_.asks[ask].needs)
      steps += needs ? needs->size() : 0;
    return steps;
  }

  void find_alone() {
    for (KindId kind = 0; kind < compared_.kinds.size(); ++kind) {
      std::array<std::vector<std::size_t>, 2> items;  // gained, lost
      for (const AskId ask : compared_.kinds[kind].candidates) {
        if (!budget_.spend(cost(ask))) break;
        const bool before = compared_.allows(Side::before, {&kind, 1}, ask);
        const bool after = compared_.allows(Side::after, {&kind, 1}, ask);
        if (before == after) continue;
        std::ranges::copy(compared_.asks[ask].items, std::back_inserter(items[before ? 1 : 0]));
      }
      for (const bool is_gain : {true, false}) {
        auto& list = items[is_gain ? 0 : 1];
        if (list.empty()) continue;
        std::ranges::sort(list);
        auto& change = alone_[{is_gain, std::move(list)}];
        for (const auto member : compared_.kinds[kind].members)
          change.push_back(compared_.members()[member]);
      }
    }
  }

  /// One change for all that the same groups gain together.
  void add_together(std::vector<Together> found) {
    for (auto& one : found) {
      std::ranges::sort(one.members, by_org);
      auto& items = together_[{!one.is_gain, key_of(one.members)}];
      items.members = std::move(one.members);
      std::ranges::copy(compared_.asks[one.ask].items, std::back_inserter(items.items));
    }
  }

  static bool by_org(const Member& a, const Member& b) {
    return std::tie(a.is_any_other_org, a.org, a.group) <
           std::tie(b.is_any_other_org, b.org, b.group);
  }
  static std::string key_of(const std::vector<Member>& members) {
    std::string key;
    for (const auto& member : members)
      key.append(member.org).append(1, '\0').append(member.group).append(1, '\0');
    return key;
  }

  Difference finish() {
    for (const bool is_gain : {true, false}) {
      for (auto& [key, members] : alone_) {
        if (key.first != is_gain) continue;
        std::ranges::sort(members, by_org);
        out_.changes.push_back(
            {.is_gain = is_gain, .members = std::move(members), .items = key.second});
      }
      for (auto& [key, change] : together_) {
        if (key.first == is_gain) continue;
        std::ranges::sort(change.items);
        out_.changes.push_back({.is_gain = is_gain,
                                .is_together = true,
                                .members = std::move(change.members),
                                .items = std::move(change.items)});
      }
    }
    keep_items();
    out_.verdict = verdict();
    return std::move(out_);
  }

  /// Only items that something is said about, tools first.
  void keep_items() {
    constexpr auto kGone = static_cast<std::size_t>(-1);
    std::vector<std::size_t> position(compared_.items.size(), kGone);
    for (const auto& change : out_.changes) {
      for (const auto item : change.items)
        position[item] = 0;
    }
    for (const bool is_tool : {true, false}) {
      for (std::size_t i = 0; i < position.size(); ++i) {
        if (position[i] == kGone || compared_.items[i].is_tool != is_tool) continue;
        position[i] = out_.items.size();
        out_.items.push_back(std::move(compared_.items[i]));
      }
    }
    for (auto& change : out_.changes) {
      for (auto& item : change.items)
        item = position[item];
      std::ranges::sort(change.items);
    }
  }

  Verdict verdict() const {
    const bool gain = out_.has_gain();
    const bool loss = out_.has_loss();
    if (gain && loss) return Verdict::incomparable;
    if (!out_.unsure.empty()) return Verdict::unknown;
    if (gain) return Verdict::more;
    return loss ? Verdict::less : Verdict::equivalent;
  }

  struct Shared {
    std::vector<Member> members;
    std::vector<std::size_t> items;
  };

  std::array<const Engine*, 2> engines_;
  Instant now_;
  const DiffLimits& limits_;
  Budget budget_;
  Compared compared_;
  Difference out_;
  std::map<std::pair<bool, std::vector<std::size_t>>, std::vector<Member>> alone_;
  std::map<std::pair<bool, std::string>, Shared> together_;
};

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::equivalent:
      return "equivalent";
    case Verdict::less:
      return "less";
    case Verdict::more:
      return "more";
    case Verdict::incomparable:
      return "incomparable";
    case Verdict::unknown:
      break;
  }
  return "unknown";
}

std::string Item::text() const {
  return "`" + (pattern.empty() ? name : pattern) + "`";
}

bool Difference::has_gain() const {
  return std::ranges::any_of(changes, &Change::is_gain);
}

bool Difference::has_loss() const {
  return !std::ranges::all_of(changes, &Change::is_gain);
}

Difference diff(const Engine& before, const Engine& after, Instant now, const DiffLimits& limits) {
  return Comparison(before, after, now, limits).run();
}

}  // namespace mcpauth::analysis
