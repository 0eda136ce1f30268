#include "core/policy/analysis/diff.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/policy/analysis/combined_changes.hpp"

namespace mcpauth::policy::analysis {
namespace {

using policy::Engine;

/// Finds the differences of two policies that were put side by side.
class Comparison {
 public:
  Comparison(Prepared prepared, Budget& budget)
      : compared_(std::move(prepared.compared)), budget_(budget) {
    out_.unsure = std::move(prepared.unsure);
  }

  Difference run(bool with_lifetimes) {
    find_alone();
    if (with_lifetimes) find_lifetimes();
    add_combined(find_combined_changes(compared_, budget_));
    if (budget_.is_spent()) {
      out_.unsure.emplace_back(
          "the policies are too large to compare everything, so some differences may be missing");
    }
    return finish();
  }

 private:
  std::size_t cost(RequirementId requirement) const {
    std::size_t steps = 1;
    for (const auto& needs : compared_.requirements[requirement].needs)
      steps += needs ? needs->size() : 0;
    return steps;
  }

  void find_alone() {
    has_change_.resize(compared_.classes.size());
    for (ClassId id = 0; id < compared_.classes.size(); ++id) {
      std::array<std::vector<std::size_t>, 2> items;  // gained, lost
      for (const RequirementId requirement : compared_.classes[id].candidates) {
        if (!budget_.spend(cost(requirement))) break;
        const bool before = compared_.allows(Side::before, {&id, 1}, requirement);
        const bool after = compared_.allows(Side::after, {&id, 1}, requirement);
        if (before == after) continue;
        std::ranges::copy(compared_.requirements[requirement].items,
                          std::back_inserter(items[before ? 1 : 0]));
      }
      for (const bool is_gain : {true, false}) {
        auto& list = items[is_gain ? 0 : 1];
        if (list.empty()) continue;
        has_change_[id] = true;
        std::ranges::sort(list);
        auto& change = alone_[{is_gain, std::move(list)}];
        for (const auto group : compared_.classes[id].groups)
          change.push_back(compared_.groups()[group]);
      }
    }
  }

  /// The shortest lifetime that a held role sets. Several groups together get the shortest of
  /// theirs, so each class can be compared alone.
  std::optional<std::chrono::seconds> lifetime(Side side, ClassId id) const {
    std::optional<std::chrono::seconds> least;
    for (const auto& held : compared_.roles(side, id)) {
      const auto& ttl = held.role->ttl;
      if (ttl && (!least || *ttl < *least)) least = ttl;
    }
    return least;
  }

  bool gives_scopes(Side side, ClassId id) const {
    return std::ranges::any_of(compared_.roles(side, id), [](const policy::HeldRole& held) {
      return !held.role->scopes.empty();
    });
  }
  bool keeps_scopes(ClassId id) const {
    return gives_scopes(Side::before, id) && gives_scopes(Side::after, id);
  }

  static std::string org_and_idp(const OrgGroup& group) {
    return (group.is_any_other_org ? "" : group.org) + '\0' + std::string(group.idp());
  }
  /// The orgs and IdPs where a group gives tokens both before and after.
  std::set<std::string> orgs_with_tokens() const {
    std::set<std::string> out;
    for (ClassId id = 0; id < compared_.classes.size(); ++id) {
      if (!keeps_scopes(id)) continue;
      for (const auto group : compared_.classes[id].groups)
        out.insert(org_and_idp(compared_.groups()[group]));
    }
    return out;
  }

  /// The groups of a class whose change of lifetime is worth reporting. For a group that gains its
  /// first role or loses its last one, the scopes say it already. Where those give nothing, the
  /// lifetime still bounds the tokens of people who are in another group too.
  std::vector<std::size_t> with_lifetime(ClassId id) {
    const auto& all = compared_.classes[id].groups;
    const bool before = compared_.holds_role(Side::before, id);
    if (before && compared_.holds_role(Side::after, id)) return all;
    if (has_change_[id]) return {};
    if (!with_tokens_) with_tokens_ = orgs_with_tokens();
    std::vector<std::size_t> out;
    std::ranges::copy_if(all, std::back_inserter(out), [&](std::size_t at) {
      const auto& group = compared_.groups()[at];
      return with_tokens_->contains(org_and_idp(group)) ||
             with_tokens_->contains('\0' + std::string(group.idp()));
    });
    return out;
  }

  /// Where no role sets a lifetime, the configured one applies. It counts as longer than any other.
  void find_lifetimes() {
    const auto text = [](const std::optional<std::chrono::seconds>& ttl) {
      return ttl ? time::format_duration(*ttl) : std::string("what is configured");
    };
    std::map<std::pair<std::string, std::string>, std::size_t> items;
    for (ClassId id = 0; id < compared_.classes.size(); ++id) {
      const auto before = lifetime(Side::before, id);
      const auto after = lifetime(Side::after, id);
      if (before == after) continue;
      const auto groups = with_lifetime(id);
      if (groups.empty()) continue;
      const auto [at, is_new] =
          items.try_emplace({text(before), text(after)}, compared_.items.size());
      if (is_new) compared_.items.push_back({.name = text(after), .was = text(before)});
      const bool is_gain = before && (!after || *after > *before);
      auto& change = alone_[{is_gain, {at->second}}];
      for (const auto group : groups)
        change.push_back(compared_.groups()[group]);
    }
  }

  /// Puts all that the same groups gain together into one change.
  void add_combined(std::vector<CombinedChange> found) {
    for (auto& one : found) {
      std::ranges::sort(one.groups, by_org);
      auto& items = combined_[{!one.is_gain, key_of(one.groups)}];
      items.groups = std::move(one.groups);
      std::ranges::copy(compared_.requirements[one.requirement].items,
                        std::back_inserter(items.items));
    }
  }

  static bool by_org(const OrgGroup& a, const OrgGroup& b) {
    return std::tie(a.is_any_other_org, a.org, a.name) <
           std::tie(b.is_any_other_org, b.org, b.name);
  }
  static std::string key_of(const std::vector<OrgGroup>& groups) {
    std::string key;
    for (const auto& group : groups)
      key.append(group.org).append(1, '\0').append(group.name).append(1, '\0');
    return key;
  }

  Difference finish() {
    const auto own = own_orgs(compared_.groups());
    for (const bool is_gain : {true, false}) {
      for (auto& [key, groups] : alone_) {
        if (key.first != is_gain) continue;
        std::ranges::sort(groups, by_org);
        set_exceptions(groups, own);
        out_.changes.push_back(
            {.is_gain = is_gain, .groups = std::move(groups), .items = key.second});
      }
      for (auto& [key, change] : combined_) {
        if (key.first == is_gain) continue;
        std::ranges::sort(change.items);
        set_exceptions(change.groups, own);
        out_.changes.push_back({.is_gain = is_gain,
                                .is_combined = true,
                                .groups = std::move(change.groups),
                                .items = std::move(change.items)});
      }
    }
    keep_items();
    out_.verdict = verdict_of(out_.has_gain(), out_.has_loss(), out_.unsure.empty());
    return std::move(out_);
  }

  /// Keeps the items that are in a change, tools first.
  void keep_items() {
    constexpr auto kUnused = static_cast<std::size_t>(-1);
    std::vector<std::size_t> position(compared_.items.size(), kUnused);
    for (const auto& change : out_.changes) {
      for (const auto item : change.items)
        position[item] = 0;
    }
    for (const bool is_tool : {true, false}) {
      for (std::size_t i = 0; i < position.size(); ++i) {
        if (position[i] == kUnused || compared_.items[i].is_tool != is_tool) continue;
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

  struct Shared {
    std::vector<OrgGroup> groups;
    std::vector<std::size_t> items;
  };

  Compared compared_;
  Budget& budget_;
  Difference out_;
  std::vector<bool> has_change_;  // by class: alone it may do more or less
  std::optional<std::set<std::string>> with_tokens_;
  std::map<std::pair<bool, std::vector<std::size_t>>, std::vector<OrgGroup>> alone_;
  std::map<std::pair<bool, std::string>, Shared> combined_;
};

Difference compare(const Engines& engines, Instant now, const DiffLimits& limits, const Item* only,
                   const Skip& skip) {
  Budget budget(limits.work);
  auto prepared = prepare(engines, now, limits, only, skip, budget);
  if (prepared.is_compared) return Comparison(std::move(prepared), budget).run(only == nullptr);
  Difference out;
  out.unsure = std::move(prepared.unsure);
  out.verdict = Verdict::unknown;
  return out;
}

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

Verdict verdict_of(bool has_gain, bool has_loss, bool is_exact) {
  if (has_gain && has_loss) return Verdict::incomparable;
  if (!is_exact) return Verdict::unknown;
  if (has_gain) return Verdict::more;
  return has_loss ? Verdict::less : Verdict::equivalent;
}

std::string Item::shown() const {
  if (!was.empty()) return text::format("a lifetime of {}, not {}", name, was);
  return pattern.empty() ? name : pattern;
}

std::string Item::text() const {
  return was.empty() ? text::quoted(shown()) : shown();
}

bool Difference::has_gain() const {
  return std::ranges::any_of(changes, &Change::is_gain);
}

bool Difference::has_loss() const {
  return !std::ranges::all_of(changes, &Change::is_gain);
}

Difference diff(const Engine& before, const Engine& after, Instant now, const DiffLimits& limits) {
  return compare({&before, &after}, now, limits, nullptr, {});
}

Difference reach(const Engine& engine, const Item& item, Instant now, const Skip& skip,
                 const DiffLimits& limits) {
  const Engine nothing{policy::Policy()};
  return compare({&nothing, &engine}, now, limits, &item, skip);
}

}  // namespace mcpauth::policy::analysis
