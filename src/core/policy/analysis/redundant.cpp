#include "core/policy/analysis/redundant.hpp"

#include <algorithm>
#include <optional>

#include "core/policy/analysis/entries.hpp"

// An entry is needed when, for somebody it is held by, it alone says something about a scope of
// which it matters what is said. Entries are looked at from the last to the first, those not needed
// being gone from then on. Then an entry stands alone, for a kind and a cell, exactly when it is
// the first of all that match there and no later one was kept; so it is enough to know the first of
// each, and to mark where one was kept.

namespace mcpauth::policy::analysis {
namespace {

/// An entry is the first to match a cell for a kind.
struct First {
  EntryId entry;
  std::uint32_t kind;
  CellId cell;
};

struct Needs {
  std::vector<bool> is_needed;  ///< by entry
  std::vector<bool> matters;    ///< by entry: for somebody it says what matters, alone or not
};

class Judge {
 public:
  Judge(const Whole& whole, const Gone& gone, const IdleLimits& limits)
      : effective_(whole.effective),
        table_(whole.table),
        rooms_(whole.rooms),
        limits_(limits),
        holders_(whole.effective, whole.graph, whole.policy.roles.size()),
        allows_(whole.policy, whole.table, &policy::Role::scopes, gone),
        denies_(whole.policy, whole.table, &policy::Role::deny, gone) {}

  IdleEntries run() {
    const auto kinds = effective_.kinds.size();
    IdleEntries out;
    out.is_judged = rooms_.is_complete && table_.is_complete() &&
                    kinds * table_.size() <= limits_.bits && is_affordable();
    if (!out.is_judged) return out;
    set_standing();
    const auto allow =
        needs(allows_, [&](auto kind, auto cell) { return !denied_.test(kind, cell); });
    if (allow) add_allows(*allow, out);
    allowed_beside_ = beside(allowed_);
    met_beside_ = beside(raw_);
    const auto deny = needs(denies_, [&](auto kind, auto cell) {
      return raw_.test(kind, cell) || allowed_beside_.test(kind, cell);
    });
    if (deny) add_denies(*deny, out);
    out.is_judged = allow && deny;
    return out.is_judged ? out : IdleEntries{.is_judged = false};
  }

 private:
  bool is_affordable() const {
    std::size_t seats = 0;
    for (const auto& room : rooms_.list)
      seats += room.seats.size();
    return holders_.steps(allows_, table_, limits_.steps) <= limits_.steps &&
           holders_.steps(denies_, table_, limits_.steps) <= limits_.steps &&
           seats * (1 + BitRows::words_for(table_.size())) <= limits_.steps;
  }

  /// What the Engine says of each kind, and what some allow matches whether denied or not.
  void set_standing() {
    const auto kinds = effective_.kinds.size();
    allowed_ = denied_ = raw_ = BitRows(kinds, table_.size());
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      const auto& standing = effective_.kinds[kind].standing;
      for (CellId cell = 0; cell < table_.size(); ++cell) {
        const auto here = standing[table_.cell(cell).scope];
        if (here == policy::Standing::allowed) allowed_.set(kind, cell);
        if (here == policy::Standing::denied) denied_.set(kind, cell);
      }
      allows_.each(holders_.roles_of[kind], table_,
                   [&](EntryId, CellId cell) { raw_.set(kind, cell); });
    }
  }

  /// For each kind all that the rows of the kinds in its rooms have, its own among them.
  BitRows beside(const BitRows& rows) const {
    BitRows out(effective_.kinds.size(), table_.size());
    for (const auto& room : rooms_.list) {
      BitRows all(1, table_.size());
      for (const auto& seat : room.seats)
        add_all(all.row(0), rows.row(seat.kind));
      for (const auto& seat : room.seats)
        add_all(out.row(seat.kind), std::as_const(all).row(0));
    }
    return out;
  }

  /// The first entry of each kind and cell that matters, by entry; nothing where there are too
  /// many.
  template <class Matters>
  std::optional<std::vector<First>> firsts(const Entries& entries, Matters matters, Needs& needs) {
    std::vector<First> found;
    std::vector<std::uint32_t> seen(table_.size(), 0);
    for (std::uint32_t kind = 0; kind < holders_.roles_of.size(); ++kind) {
      entries.each(holders_.roles_of[kind], table_, [&](EntryId id, CellId cell) {
        if (!matters(kind, cell)) return;
        needs.matters[id] = true;
        if (seen[cell] == kind + 1) return;
        seen[cell] = kind + 1;
        found.push_back({id, kind, cell});
      });
      if (found.size() > limits_.firsts) return std::nullopt;
    }
    std::ranges::stable_sort(found, {}, &First::entry);
    return found;
  }

  template <class Matters>
  std::optional<Needs> needs(const Entries& entries, Matters matters) {
    Needs out{.is_needed = std::vector<bool>(entries.list.size(), false),
              .matters = std::vector<bool>(entries.list.size(), false)};
    const auto found = firsts(entries, matters, out);
    if (!found) return std::nullopt;
    BitRows kept(effective_.kinds.size(), table_.size());
    auto end = found->end();
    for (auto id = static_cast<EntryId>(entries.list.size()); id-- > 0;) {
      auto begin = end;
      while (begin != found->begin() && std::prev(begin)->entry == id)
        --begin;
      out.is_needed[id] = std::any_of(
          begin, end, [&](const First& first) { return !kept.test(first.kind, first.cell); });
      end = begin;
      if (out.is_needed[id]) mark(entries, id, kept);
    }
    return out;
  }

  void mark(const Entries& entries, EntryId id, BitRows& kept) const {
    const auto& item = entries.list[id];
    for (const auto kind : holders_.kinds_of[item.entry.role]) {
      for (const auto cell : table_.cells(item.pattern))
        kept.set(kind, cell);
    }
  }

  /// Whether it is held at all and matches something at all; what does not is for other rules.
  bool is_of_interest(const Entries::Item& item) const {
    return !holders_.kinds_of[item.entry.role].empty() && !table_.cells(item.pattern).empty();
  }

  void add_allows(const Needs& needs, IdleEntries& out) {
    for (EntryId id = 0; id < allows_.list.size(); ++id) {
      const auto& item = allows_.list[id];
      if (needs.is_needed[id] || !is_of_interest(item)) continue;
      if (needs.matters[id]) {
        out.shadowed.push_back(explained(item, allows_, needs.is_needed, [&](auto kind, auto cell) {
          return !denied_.test(kind, cell);
        }));
      } else {
        out.overridden.push_back(explained(item, denies_, {}, [](auto, auto) { return true; }));
      }
    }
  }

  void add_denies(const Needs& needs, IdleEntries& out) {
    const auto is_met = [&](auto kind, auto cell) { return met_beside_.test(kind, cell); };
    for (EntryId id = 0; id < denies_.list.size(); ++id) {
      const auto& item = denies_.list[id];
      if (needs.is_needed[id] || !is_of_interest(item)) continue;
      if (is_anywhere(item, is_met)) {
        out.shadowed_denies.push_back(explained(item, denies_, needs.is_needed, is_met));
      } else {
        out.vacuous.push_back({item.entry});
      }
    }
  }

  template <class Is>
  bool is_anywhere(const Entries::Item& item, Is is) const {
    return std::ranges::any_of(holders_.kinds_of[item.entry.role], [&](auto kind) {
      return std::ranges::any_of(table_.cells(item.pattern),
                                 [&](auto cell) { return is(kind, cell); });
    });
  }

  /// Looks for an entry that is to blame, in the first case that counts.
  template <class Counts>
  Idle explained(const Entries::Item& item, const Entries& among, const std::vector<bool>& kept,
                 Counts counts) {
    Idle idle{.entry = item.entry};
    for (const auto kind : holders_.kinds_of[item.entry.role]) {
      for (const auto cell : table_.cells(item.pattern)) {
        if (explaining_ == 0 || !counts(kind, cell)) continue;
        if (const auto* by = find(kind, cell, item, among, kept)) {
          idle.by = by->entry;
          idle.is_by_alone = is_alone(item, *by);
        }
        return idle;
      }
    }
    return idle;
  }

  const Entries::Item* find(std::uint32_t kind, CellId cell, const Entries::Item& but,
                            const Entries& among, const std::vector<bool>& kept) {
    for (const auto role : holders_.roles_of[kind]) {
      for (EntryId id = among.begin[role]; id < among.begin[role + 1]; ++id) {
        if (explaining_ == 0) return nullptr;
        --explaining_;
        const auto& item = among.list[id];
        if (item.entry.text == but.entry.text || (!kept.empty() && !kept[id])) continue;
        if (table_.matches(item.pattern, cell)) return &item;
      }
    }
    return nullptr;
  }

  bool is_alone(const Entries::Item& item, const Entries::Item& by) const {
    return std::ranges::includes(table_.cells(by.pattern), table_.cells(item.pattern)) &&
           std::ranges::includes(holders_.kinds_of[by.entry.role],
                                 holders_.kinds_of[item.entry.role]);
  }

  const Effective& effective_;
  const PatternTable& table_;
  const Rooms& rooms_;
  const IdleLimits& limits_;
  Holders holders_;
  Entries allows_;
  Entries denies_;
  BitRows allowed_, denied_;             // by kind and cell, as the Engine decides
  BitRows raw_;                          // some allow matches
  BitRows allowed_beside_;               // allowed to some kind that may be together with this one
  BitRows met_beside_;                   // some allow of such a kind matches
  std::size_t explaining_ = 20'000'000;  // steps left for saying what is to blame
};

}  // namespace

IdleEntries idle_entries(const Whole& whole, const Gone& gone, const IdleLimits& limits) {
  return Judge(whole, gone, limits).run();
}

}  // namespace mcpauth::policy::analysis
