#include "core/policy/analysis/separation.hpp"

#include <algorithm>

namespace mcpauth::policy::analysis {
namespace {

/// A scope of one side that is held.
struct Hit {
  std::size_t side;
  CellId cell;
  std::size_t kind;
};
using Hits = std::vector<Hit>;

class Search {
 public:
  Search(const policy::Separation& separation, const Effective& effective,
         const PatternTable& table, const Rooms& rooms, std::size_t steps)
      : effective_(effective), table_(table), rooms_(rooms), left_(steps) {
    for (const auto& pattern : separation.never_both)
      sides_.push_back(table.cells(pattern.value));
  }

  ClashSearch run() {
    ClashSearch out;
    if (!table_.is_complete() || !rooms_.is_complete || !collect()) return {.is_judged = false};
    out.found = alone();
    for (auto room = rooms_.list.begin(); room != rooms_.list.end() && !out.found; ++room)
      out.found = together(*room);
    out.is_judged = out.found || left_ > 0;
    out.left = left_;
    return out;
  }

 private:
  bool spend(std::size_t steps) {
    left_ = left_ > steps ? left_ - steps : 0;
    return left_ > 0;
  }

  policy::Standing standing(std::size_t kind, CellId cell) const {
    return effective_.kinds[kind].standing[table_.cell(cell).scope];
  }

  bool collect() {
    const auto kinds = effective_.kinds.size();
    hits_.resize(kinds);
    denies_.resize(kinds, false);
    for (std::size_t side = 0; side < sides_.size(); ++side) {
      if (!spend((1 + sides_[side].size()) * kinds)) return false;
      for (std::size_t kind = 0; kind < kinds; ++kind) {
        for (const auto cell : sides_[side]) {
          const auto here = standing(kind, cell);
          if (here == policy::Standing::allowed) hits_[kind].push_back({side, cell, kind});
          if (here == policy::Standing::denied) denies_[kind] = true;
        }
      }
    }
    return true;
  }

  bool is_clash(const Hit& a, const Hit& b) const {
    return a.side != b.side && (a.cell != b.cell || table_.cell(a.cell).is_many);
  }

  /// Two of them that clash. If the first finds no partner, all of other sides are that same single
  /// scope; so then does any other of its own side, and that is all there is to try.
  std::optional<std::pair<Hit, Hit>> pair_of(const Hits& hits) const {
    const auto partner = [&](const Hit& hit) {
      return std::ranges::find_if(hits, [&](const Hit& other) { return is_clash(hit, other); });
    };
    if (hits.empty()) return std::nullopt;
    const auto& first = hits.front();
    if (const auto other = partner(first); other != hits.end()) return std::pair{first, *other};
    for (const auto& hit : hits) {
      if (hit.side != first.side || hit.cell == first.cell) continue;
      if (const auto other = partner(hit); other != hits.end()) return std::pair{hit, *other};
      break;
    }
    return std::nullopt;
  }

  std::optional<Clash> alone() const {
    std::optional<Clash> out;
    for (std::size_t kind = 0; kind < hits_.size(); ++kind) {
      const auto pair = pair_of(hits_[kind]);
      if (!pair) continue;
      const auto& members = effective_.kinds[kind].members;
      if (!out) {
        out = clash(*pair, {members.front()});
        out->others = members.size() - 1;
      } else {
        out->others += members.size();
      }
    }
    return out;
  }

  static Clash clash(const std::pair<Hit, Hit>& pair, std::vector<std::size_t> members) {
    return {.members = std::move(members),
            .side = pair.first.side,
            .other_side = pair.second.side,
            .cell = pair.first.cell,
            .other_cell = pair.second.cell};
  }

  std::optional<Clash> together(const Room& room) {
    std::vector<Seat> seats;
    std::ranges::copy_if(room.seats, std::back_inserter(seats),
                         [&](const Seat& seat) { return !hits_[seat.kind].empty(); });
    spend(room.seats.size());
    if (auto found = harmless(seats)) return found;
    for (const auto& one : seats) {
      if (!denies_[one.kind]) continue;
      for (const auto& other : seats) {
        if (one.kind == other.kind) continue;
        if (!spend(hits_[one.kind].size() + hits_[other.kind].size())) return std::nullopt;
        if (auto found = both(one, other)) return found;
      }
    }
    return std::nullopt;
  }

  /// Of those who deny none of these scopes any two can be put together, so one look is enough.
  std::optional<Clash> harmless(const std::vector<Seat>& seats) {
    Hits all;
    for (const auto& seat : seats) {
      if (denies_[seat.kind]) continue;
      all.insert(all.end(), hits_[seat.kind].begin(), hits_[seat.kind].end());
    }
    spend(all.size());
    const auto pair = pair_of(all);
    if (!pair) return std::nullopt;
    const auto member = [&](const Hit& hit) {
      return std::ranges::find(seats, hit.kind, &Seat::kind)->member;
    };
    return clash(*pair, {member(pair->first), member(pair->second)});
  }

  std::optional<Clash> both(const Seat& one, const Seat& other) const {
    Hits all;
    const auto add = [&](const Seat& from, const Seat& beside) {
      std::ranges::copy_if(hits_[from.kind], std::back_inserter(all), [&](const Hit& hit) {
        return standing(beside.kind, hit.cell) != policy::Standing::denied;
      });
    };
    add(one, other);
    add(other, one);
    const auto pair = pair_of(all);
    if (!pair) return std::nullopt;
    return clash(*pair, {one.member, other.member});
  }

  const Effective& effective_;
  const PatternTable& table_;
  const Rooms& rooms_;
  std::size_t left_;
  std::vector<std::span<const CellId>> sides_;
  std::vector<Hits> hits_;    // by kind
  std::vector<bool> denies_;  // by kind: one of these scopes
};

}  // namespace

ClashSearch find_clash(const policy::Separation& separation, const Effective& effective,
                       const PatternTable& table, const Rooms& rooms, std::size_t steps) {
  return Search(separation, effective, table, rooms, steps).run();
}

}  // namespace mcpauth::policy::analysis
