#include "core/policy/analysis/separation.hpp"

#include <algorithm>

namespace mcpauth::policy::analysis {
namespace {

/// A scope that a class of groups holds and a pattern of the separation matches.
struct Hit {
  std::size_t side;
  CellId cell;
  std::size_t group_class;
};
using Hits = std::vector<Hit>;

class SeparationSearch {
 public:
  SeparationSearch(const policy::Separation& separation, const Effective& effective,
                   const PatternTable& table, const Combinations& combinations, std::size_t steps)
      : effective_(effective), table_(table), combinations_(combinations), left_(steps) {
    for (const auto& pattern : separation.never_both)
      sides_.push_back(table.cells(pattern.value));
  }

  ClashSearch run() {
    ClashSearch out;
    if (!table_.is_complete() || !combinations_.is_complete || !collect())
      return {.is_judged = false};
    out.found = alone();
    for (auto combinable = combinations_.list.begin();
         combinable != combinations_.list.end() && !out.found; ++combinable)
      out.found = combined(*combinable);
    out.is_judged = out.found || left_ > 0;
    out.left = left_;
    return out;
  }

 private:
  bool spend(std::size_t steps) {
    left_ = left_ > steps ? left_ - steps : 0;
    return left_ > 0;
  }

  policy::Standing standing(std::size_t group_class, CellId cell) const {
    return effective_.classes[group_class].standing[table_.cell(cell).scope];
  }

  bool collect() {
    const auto classes = effective_.classes.size();
    hits_.resize(classes);
    denies_.resize(classes, false);
    for (std::size_t side = 0; side < sides_.size(); ++side) {
      if (!spend((1 + sides_[side].size()) * classes)) return false;
      for (std::size_t group_class = 0; group_class < classes; ++group_class) {
        for (const auto cell : sides_[side]) {
          const auto here = standing(group_class, cell);
          if (here == policy::Standing::allowed)
            hits_[group_class].push_back({side, cell, group_class});
          if (here == policy::Standing::denied) denies_[group_class] = true;
        }
      }
    }
    return true;
  }

  bool is_clash(const Hit& a, const Hit& b) const {
    return a.side != b.side && (a.cell != b.cell || table_.cell(a.cell).is_many);
  }

  /// Two hits that clash. If the first hit clashes with none, every hit of another side is the same
  /// single scope as the first. Then a hit of the first side on any other scope clashes with them,
  /// so trying one is enough.
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
    for (std::size_t group_class = 0; group_class < hits_.size(); ++group_class) {
      const auto pair = pair_of(hits_[group_class]);
      if (!pair) continue;
      const auto& groups = effective_.classes[group_class].groups;
      if (!out) {
        out = clash(*pair, {groups.front()});
        out->others = groups.size() - 1;
      } else {
        out->others += groups.size();
      }
    }
    return out;
  }

  static Clash clash(const std::pair<Hit, Hit>& pair, std::vector<std::size_t> groups) {
    return {.groups = std::move(groups),
            .side = pair.first.side,
            .other_side = pair.second.side,
            .cell = pair.first.cell,
            .other_cell = pair.second.cell};
  }

  std::optional<Clash> combined(const CombinableGroups& combinable) {
    std::vector<Representative> representatives;
    std::ranges::copy_if(combinable.representatives, std::back_inserter(representatives),
                         [&](const Representative& representative) {
                           return !hits_[representative.group_class].empty();
                         });
    spend(combinable.representatives.size());
    if (auto found = without_denies(representatives)) return found;
    for (const auto& one : representatives) {
      if (!denies_[one.group_class]) continue;
      for (const auto& other : representatives) {
        if (one.group_class == other.group_class) continue;
        if (!spend(hits_[one.group_class].size() + hits_[other.group_class].size()))
          return std::nullopt;
        if (auto found = both(one, other)) return found;
      }
    }
    return std::nullopt;
  }

  /// Classes that deny none of these scopes can be combined freely, so all are looked at in one go.
  std::optional<Clash> without_denies(const std::vector<Representative>& representatives) {
    Hits all;
    for (const auto& representative : representatives) {
      if (denies_[representative.group_class]) continue;
      all.insert(all.end(), hits_[representative.group_class].begin(),
                 hits_[representative.group_class].end());
    }
    spend(all.size());
    const auto pair = pair_of(all);
    if (!pair) return std::nullopt;
    const auto group = [&](const Hit& hit) {
      return std::ranges::find(representatives, hit.group_class, &Representative::group_class)
          ->group;
    };
    return clash(*pair, {group(pair->first), group(pair->second)});
  }

  std::optional<Clash> both(const Representative& one, const Representative& other) const {
    Hits all;
    const auto add = [&](const Representative& from, const Representative& beside) {
      std::ranges::copy_if(hits_[from.group_class], std::back_inserter(all), [&](const Hit& hit) {
        return standing(beside.group_class, hit.cell) != policy::Standing::denied;
      });
    };
    add(one, other);
    add(other, one);
    const auto pair = pair_of(all);
    if (!pair) return std::nullopt;
    return clash(*pair, {one.group, other.group});
  }

  const Effective& effective_;
  const PatternTable& table_;
  const Combinations& combinations_;
  std::size_t left_;
  std::vector<std::span<const CellId>> sides_;
  std::vector<Hits> hits_;    // by class
  std::vector<bool> denies_;  // by class: it denies one of these scopes
};

}  // namespace

ClashSearch find_clash(const policy::Separation& separation, const Effective& effective,
                       const PatternTable& table, const Combinations& combinations,
                       std::size_t steps) {
  return SeparationSearch(separation, effective, table, combinations, steps).run();
}

}  // namespace mcpauth::policy::analysis
