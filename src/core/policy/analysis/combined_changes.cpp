#include <algorithm>
#include <map>
#include <unordered_set>

#include "core/policy/analysis/compared.hpp"

// What somebody may do who is in the groups P: with D the groups that deny a scope the ask needs,
// and for each needed scope the clause C of the groups outside D that allow it, P is allowed when
// it has nobody of D and somebody of each clause. (For a tool that needs no scope the one clause is
// all who hold a role.) So there is a P that the new policy allows and the old one does not just
// when the new one allows anybody at all and
//   - the old one allows nobody: then any P that the new one allows;
//   - or some clause C of the old one can be missed: everybody outside D and C still hits every
//   clause
//     of the new one;
//   - or somebody who is in the old D and not in the new one can join.
// Taking groups out of such a P while it stays one ends in a P of which no part is one: between two
// sets that the new policy allows, only a single group in the old D could have made the difference.

namespace mcpauth::policy::analysis {
namespace {

using policy::Standing;

/// One org and IdP: the groups that somebody there may be in.
struct Room {
  std::vector<KindId> kinds;         ///< ascending, each once
  std::vector<std::size_t> of_kind;  ///< for each of them a member
};

/// A set of the kinds of a room, by their position in it.
using Set = std::vector<bool>;

struct Formula {
  bool is_known = false;  ///< false: nobody may
  Set denied;
  std::vector<Set> clauses;
};

bool has_any(const Set& set) {
  return std::ranges::find(set, true) != set.end();
}

class Finder {
 public:
  Finder(const Compared& compared, const std::vector<KindId>& kinds, AskId ask, Side from, Side to)
      : compared_(compared), ask_(ask), from_(from), to_(to) {
    for (const KindId kind : kinds) {
      if (!gains({kind})) kinds_.push_back(kind);
    }
  }

  /// A smallest set of kinds that gain together, without those that gain alone; empty: there is
  /// none.
  std::vector<KindId> find() const {
    const Formula from = formula(from_);
    const Formula to = formula(to_);
    if (!is_satisfiable(to)) return {};
    if (!is_satisfiable(from)) return shrunk(picks(to, {}, nullptr));
    for (const auto& clause : from.clauses) {
      if (can_miss(to, clause)) return shrunk(picks(to, {}, &clause));
    }
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      if (from.denied[i] && !to.denied[i]) return shrunk(picks(to, {i}, nullptr));
    }
    return {};
  }

 private:
  bool gains(const std::vector<KindId>& groups) const {
    return compared_.allows(to_, groups, ask_) && !compared_.allows(from_, groups, ask_);
  }

  Formula formula(Side side) const {
    Formula out{.denied = Set(kinds_.size()), .clauses = {}};
    const auto& needs = compared_.needs(side, ask_);
    if (!needs) return out;
    out.is_known = true;
    for (const ScopeId scope : *needs) {
      auto& clause = out.clauses.emplace_back(kinds_.size());
      for (std::size_t i = 0; i < kinds_.size(); ++i) {
        const auto standing = compared_.standing(side, kinds_[i], scope);
        if (standing == Standing::denied) out.denied[i] = true;
        clause[i] = standing == Standing::allowed;
      }
    }
    if (needs->empty()) {
      auto& clause = out.clauses.emplace_back(kinds_.size());
      for (std::size_t i = 0; i < kinds_.size(); ++i)
        clause[i] = compared_.holds_role(side, kinds_[i]);
    }
    for (auto& clause : out.clauses) {
      for (std::size_t i = 0; i < kinds_.size(); ++i)
        clause[i] = clause[i] && !out.denied[i];
    }
    return out;
  }

  static bool is_satisfiable(const Formula& formula) {
    return formula.is_known && std::ranges::all_of(formula.clauses, has_any);
  }

  static bool can_miss(const Formula& to, const Set& missed) {
    return std::ranges::all_of(to.clauses, [&](const Set& clause) {
      for (std::size_t i = 0; i < clause.size(); ++i) {
        if (clause[i] && !missed[i]) return true;
      }
      return false;
    });
  }

  /// These, and one of each clause that they do not hit yet, none of them of the set to be missed.
  std::vector<KindId> picks(const Formula& to, std::vector<std::size_t> chosen,
                            const Set* missed) const {
    for (const auto& clause : to.clauses) {
      if (std::ranges::any_of(chosen, [&](std::size_t i) { return clause[i]; })) continue;
      for (std::size_t i = 0; i < clause.size(); ++i) {
        if (!clause[i] || (missed != nullptr && (*missed)[i])) continue;
        chosen.push_back(i);
        break;
      }
    }
    std::vector<KindId> out;
    for (const auto i : chosen)
      out.push_back(kinds_[i]);
    return out;
  }

  std::vector<KindId> shrunk(std::vector<KindId> groups) const {
    for (std::size_t i = 0; i < groups.size();) {
      auto fewer = groups;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (!fewer.empty() && gains(fewer)) {
        groups = std::move(fewer);
        i = 0;
      } else {
        ++i;
      }
    }
    std::ranges::sort(groups);
    return groups;
  }

  const Compared& compared_;
  AskId ask_;
  Side from_;
  Side to_;
  std::vector<KindId> kinds_;
};

/// All rooms. A group that holds something in every org is also in the rooms of the orgs that are
/// named for other groups only.
class Rooms {
 public:
  Rooms(const Compared& compared, Budget& budget) : compared_(compared), budget_(budget) {
    const auto& members = compared.members();
    for (std::size_t i = 0; i < members.size(); ++i) {
      auto& idp = idps_[members[i].idp()];
      if (members[i].is_any_other_org) {
        idp.everywhere.push_back(i);
      } else {
        idp.by_org[members[i].org].push_back(i);
      }
    }
  }

  std::vector<Room> all() const {
    std::vector<Room> out;
    for (const auto& [name, idp] : idps_) {
      if (!idp.everywhere.empty()) out.push_back(room(idp.everywhere));
      for (const auto& [org, local] : idp.by_org) {
        if (!budget_.spend(local.size() + idp.everywhere.size())) return out;
        out.push_back(room(with_everywhere(local, idp.everywhere)));
      }
    }
    return out;
  }

 private:
  struct Idp {
    std::vector<std::size_t> everywhere;
    std::map<std::string_view, std::vector<std::size_t>> by_org;
  };

  std::vector<std::size_t> with_everywhere(std::vector<std::size_t> local,
                                           const std::vector<std::size_t>& everywhere) const {
    if (everywhere.empty()) return local;
    std::unordered_set<std::string_view> named;
    for (const auto member : local)
      named.insert(compared_.members()[member].group);
    std::ranges::copy_if(everywhere, std::back_inserter(local), [&](std::size_t member) {
      return !named.contains(compared_.members()[member].group);
    });
    return local;
  }

  Room room(const std::vector<std::size_t>& members) const {
    std::map<KindId, std::size_t> kinds;
    for (const auto member : members)
      kinds.try_emplace(compared_.kind_of[member], member);
    Room out;
    for (const auto& [kind, member] : kinds) {
      out.kinds.push_back(kind);
      out.of_kind.push_back(member);
    }
    return out;
  }

  const Compared& compared_;
  Budget& budget_;
  std::map<std::string_view, Idp> idps_;
};

struct Found {
  bool is_gain;
  AskId ask;
  std::vector<KindId> kinds;
};

std::vector<AskId> candidates_of(const Compared& compared, const std::vector<KindId>& kinds) {
  std::vector<AskId> out;
  for (const KindId kind : kinds)
    std::ranges::copy(compared.kinds[kind].candidates, std::back_inserter(out));
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::size_t cost(const Compared& compared, const Room& room, AskId ask) {
  std::size_t needs = 2;
  for (const auto side : {Side::before, Side::after})
    needs += compared.needs(side, ask) ? compared.needs(side, ask)->size() : 0;
  return needs * needs + needs * room.kinds.size();
}

/// The kinds that matter for the ask: those that no policy gives or denies anything of it are not
/// in any formula.
std::vector<KindId> concerned(const Compared& compared, const std::vector<KindId>& kinds,
                              AskId ask) {
  std::vector<KindId> out;
  for (const KindId kind : kinds) {
    for (const auto side : {Side::before, Side::after}) {
      const auto& needs = compared.needs(side, ask);
      if (!needs) continue;
      const bool matters = needs->empty()
                               ? compared.holds_role(side, kind)
                               : std::ranges::any_of(*needs, [&](ScopeId scope) {
                                   return compared.standing(side, kind, scope) != Standing::absent;
                                 });
      if (!matters) continue;
      out.push_back(kind);
      break;
    }
  }
  return out;
}

std::vector<Found> look_in(const Compared& compared, const Room& room, Budget& budget) {
  std::vector<Found> out;
  if (room.kinds.size() < 2) return out;
  std::size_t work = 0;
  for (const KindId kind : room.kinds)
    work += compared.kinds[kind].candidates.size();
  if (!budget.spend(work * 2)) return out;
  for (const AskId ask : candidates_of(compared, room.kinds)) {
    if (!budget.spend(2 * cost(compared, room, ask))) return out;
    const auto concern = concerned(compared, room.kinds, ask);
    if (concern.size() < 2) continue;
    for (const bool is_gain : {true, false}) {
      const auto from = is_gain ? Side::before : Side::after;
      const auto to = is_gain ? Side::after : Side::before;
      auto kinds = Finder(compared, concern, ask, from, to).find();
      if (!kinds.empty()) out.push_back({is_gain, ask, std::move(kinds)});
    }
  }
  return out;
}

/// The members of a room, all of its org: one that holds something everywhere does so here.
std::vector<Member> members_in(const Compared& compared, const Room& room,
                               const std::vector<KindId>& kinds) {
  std::vector<Member> out;
  for (const KindId kind : kinds) {
    const auto at = std::ranges::lower_bound(room.kinds, kind) - room.kinds.begin();
    out.push_back(compared.members()[room.of_kind[static_cast<std::size_t>(at)]]);
  }
  const auto& all = compared.members();
  const auto named = std::ranges::find_if(
      room.of_kind, [&](std::size_t member) { return !all[member].is_any_other_org; });
  if (named == room.of_kind.end()) return out;
  for (auto& member : out) {
    member.org = all[*named].org;
    member.is_any_other_org = false;
  }
  return out;
}

}  // namespace

bool Compared::allows(Side side, std::span<const KindId> groups, AskId ask) const {
  const auto& wanted = needs(side, ask);
  if (!wanted) return false;
  if (wanted->empty()) {
    return std::ranges::any_of(groups, [&](KindId kind) { return holds_role(side, kind); });
  }
  return std::ranges::all_of(*wanted, [&](ScopeId scope) {
    bool is_allowed = false;
    for (const KindId kind : groups) {
      const auto standing = this->standing(side, kind, scope);
      if (standing == Standing::denied) return false;
      is_allowed = is_allowed || standing == Standing::allowed;
    }
    return is_allowed;
  });
}

std::vector<Together> find_together(const Compared& compared, Budget& budget) {
  std::vector<Together> out;
  std::map<std::vector<KindId>, std::vector<Found>> known;  // rooms of the same kinds are alike
  for (const auto& room : Rooms(compared, budget).all()) {
    if (!budget.spend(room.kinds.size())) break;
    auto at = known.find(room.kinds);
    if (at == known.end()) at = known.emplace(room.kinds, look_in(compared, room, budget)).first;
    for (const auto& found : at->second) {
      if (!budget.spend(found.kinds.size())) break;
      out.push_back({.is_gain = found.is_gain,
                     .members = members_in(compared, room, found.kinds),
                     .ask = found.ask});
    }
  }
  return out;
}

}  // namespace mcpauth::policy::analysis
