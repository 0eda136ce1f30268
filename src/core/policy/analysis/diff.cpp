#include "core/policy/analysis/diff.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/policy/analysis/compared.hpp"

namespace mcpauth::policy::analysis {
namespace {

using policy::Engine;

/// Finds the differences of two policies that stand side by side.
class Comparison {
 public:
  Comparison(Prepared prepared, Budget& budget)
      : compared_(std::move(prepared.compared)), budget_(budget) {
    out_.unsure = std::move(prepared.unsure);
  }

  Difference run(bool with_lifetimes) {
    find_alone();
    if (with_lifetimes) find_lifetimes();
    add_together(find_together(compared_, budget_));
    if (budget_.is_spent()) {
      out_.unsure.emplace_back(
          "the policies are too large to compare everything, so some differences may be missing");
    }
    return finish();
  }

 private:
  std::size_t cost(AskId ask) const {
    std::size_t steps = 1;
    for (const auto& needs : compared_.asks[ask].needs)
      steps += needs ? needs->size() : 0;
    return steps;
  }

  void find_alone() {
    has_change_.resize(compared_.kinds.size());
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
        has_change_[kind] = true;
        std::ranges::sort(list);
        auto& change = alone_[{is_gain, std::move(list)}];
        for (const auto member : compared_.kinds[kind].members)
          change.push_back(compared_.members()[member]);
      }
    }
  }

  /// The least lifetime that a role held sets. What several groups have together follows.
  std::optional<std::chrono::seconds> lifetime(Side side, KindId kind) const {
    std::optional<std::chrono::seconds> least;
    for (const auto& held : compared_.roles(side, kind)) {
      const auto& ttl = held.role->ttl;
      if (ttl && (!least || *ttl < *least)) least = ttl;
    }
    return least;
  }

  bool gives_scopes(Side side, KindId kind) const {
    return std::ranges::any_of(compared_.roles(side, kind), [](const policy::HeldRole& held) {
      return !held.role->scopes.empty();
    });
  }
  bool keeps_scopes(KindId kind) const {
    return gives_scopes(Side::before, kind) && gives_scopes(Side::after, kind);
  }

  static std::string room_of(const Member& member) {
    return (member.is_any_other_org ? "" : member.org) + '\0' + std::string(member.idp());
  }
  /// Where somebody has tokens before and after, by org and IdP.
  std::set<std::string> rooms_with_tokens() const {
    std::set<std::string> out;
    for (KindId kind = 0; kind < compared_.kinds.size(); ++kind) {
      if (!keeps_scopes(kind)) continue;
      for (const auto member : compared_.kinds[kind].members)
        out.insert(room_of(compared_.members()[member]));
    }
    return out;
  }

  /// The members of a kind whose lifetime is to be told. The first role that comes and the last
  /// that goes are told by what they give; one that gives nothing still bounds the tokens of those
  /// who are in another group as well.
  std::vector<std::size_t> with_lifetime(KindId kind) {
    const auto& all = compared_.kinds[kind].members;
    const bool before = compared_.holds_role(Side::before, kind);
    if (before && compared_.holds_role(Side::after, kind)) return all;
    if (has_change_[kind]) return {};
    if (!rooms_) rooms_ = rooms_with_tokens();
    std::vector<std::size_t> out;
    std::ranges::copy_if(all, std::back_inserter(out), [&](std::size_t id) {
      const auto& member = compared_.members()[id];
      return rooms_->contains(room_of(member)) ||
             rooms_->contains('\0' + std::string(member.idp()));
    });
    return out;
  }

  /// None set is the configuration's: taken for longer than any that is set.
  void find_lifetimes() {
    const auto text = [](const std::optional<std::chrono::seconds>& ttl) {
      return ttl ? time::format_duration(*ttl) : std::string("what is configured");
    };
    std::map<std::pair<std::string, std::string>, std::size_t> items;
    for (KindId kind = 0; kind < compared_.kinds.size(); ++kind) {
      const auto before = lifetime(Side::before, kind);
      const auto after = lifetime(Side::after, kind);
      if (before == after) continue;
      const auto members = with_lifetime(kind);
      if (members.empty()) continue;
      const auto [at, is_new] =
          items.try_emplace({text(before), text(after)}, compared_.items.size());
      if (is_new) compared_.items.push_back({.name = text(after), .was = text(before)});
      const bool is_gain = before && (!after || *after > *before);
      auto& change = alone_[{is_gain, {at->second}}];
      for (const auto member : members)
        change.push_back(compared_.members()[member]);
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
    const auto own = own_orgs(compared_.members());
    for (const bool is_gain : {true, false}) {
      for (auto& [key, members] : alone_) {
        if (key.first != is_gain) continue;
        std::ranges::sort(members, by_org);
        set_exceptions(members, own);
        out_.changes.push_back(
            {.is_gain = is_gain, .members = std::move(members), .items = key.second});
      }
      for (auto& [key, change] : together_) {
        if (key.first == is_gain) continue;
        std::ranges::sort(change.items);
        set_exceptions(change.members, own);
        out_.changes.push_back({.is_gain = is_gain,
                                .is_together = true,
                                .members = std::move(change.members),
                                .items = std::move(change.items)});
      }
    }
    keep_items();
    out_.verdict = verdict_of(out_.has_gain(), out_.has_loss(), out_.unsure.empty());
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

  struct Shared {
    std::vector<Member> members;
    std::vector<std::size_t> items;
  };

  Compared compared_;
  Budget& budget_;
  Difference out_;
  std::vector<bool> has_change_;  // by kind: alone it may do more or less
  std::optional<std::set<std::string>> rooms_;
  std::map<std::pair<bool, std::vector<std::size_t>>, std::vector<Member>> alone_;
  std::map<std::pair<bool, std::string>, Shared> together_;
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
  if (!was.empty()) return "a lifetime of " + name + ", not " + was;
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
