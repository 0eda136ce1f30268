#include "core/policy/analysis/redundant.hpp"

#include <algorithm>
#include <optional>

#include "core/policy/analysis/entry_lists.hpp"

// An entry is needed when it is the only one that matches some scope, for some holder, where a
// match matters. Entries are tried from the last to the first, and an entry that is not needed
// counts as removed from then on. So an entry is the only one for a class and a cell exactly when
// two things hold: it is the first entry that matches there, and no later entry that matches there
// was kept. It is enough to know the first entry of each place, and to mark where an entry was
// kept.

namespace mcpauth::policy::analysis {
namespace {

/// The first entry of a class that matches a cell.
struct First {
  EntryId entry;
  std::uint32_t group_class;
  CellId cell;
};

struct Needs {
  std::vector<bool> is_needed;  ///< by entry
  std::vector<bool>
      matters;  ///< by entry: its match matters somewhere, whether or not it is the only one
};

class Judge {
 public:
  Judge(const Analysed& analysed, const Removed& removed, const RedundancyLimits& limits)
      : effective_(analysed.effective),
        table_(analysed.table),
        combinations_(analysed.combinations),
        limits_(limits),
        holders_(analysed.effective, analysed.graph, analysed.policy.roles.size()),
        allows_(analysed.policy, analysed.table, &policy::Role::scopes, removed),
        denies_(analysed.policy, analysed.table, &policy::Role::deny, removed) {}

  RedundantEntries run() {
    const auto classes = effective_.classes.size();
    RedundantEntries out;
    out.is_judged = combinations_.is_complete && table_.is_complete() &&
                    classes * table_.size() <= limits_.bits && is_affordable();
    if (!out.is_judged) return out;
    set_standing();
    const auto allow = needs(
        allows_, [&](auto group_class, auto cell) { return !denied_.test(group_class, cell); });
    if (allow) add_allows(*allow, out);
    allowed_beside_ = beside(allowed_);
    met_beside_ = beside(raw_);
    const auto deny = needs(denies_, [&](auto group_class, auto cell) {
      return raw_.test(group_class, cell) || allowed_beside_.test(group_class, cell);
    });
    if (deny) add_denies(*deny, out);
    out.is_judged = allow && deny;
    return out.is_judged ? out : RedundantEntries{.is_judged = false};
  }

 private:
  bool is_affordable() const {
    std::size_t representatives = 0;
    for (const auto& combinable : combinations_.list)
      representatives += combinable.representatives.size();
    return holders_.steps(allows_, table_, limits_.steps) <= limits_.steps &&
           holders_.steps(denies_, table_, limits_.steps) <= limits_.steps &&
           representatives * (1 + BitRows::words_for(table_.size())) <= limits_.steps;
  }

  /// Sets what the Engine says about each class, and which cells an allow matches, denied or not.
  void set_standing() {
    const auto classes = effective_.classes.size();
    allowed_ = denied_ = raw_ = BitRows(classes, table_.size());
    for (std::size_t group_class = 0; group_class < classes; ++group_class) {
      const auto& standing = effective_.classes[group_class].standing;
      for (CellId cell = 0; cell < table_.size(); ++cell) {
        const auto here = standing[table_.cell(cell).scope];
        if (here == policy::Standing::allowed) allowed_.set(group_class, cell);
        if (here == policy::Standing::denied) denied_.set(group_class, cell);
      }
      allows_.each(holders_.roles_of[group_class], table_,
                   [&](EntryId, CellId cell) { raw_.set(group_class, cell); });
    }
  }

  /// For each class, the union of the rows of all classes that it can be combined with, and its
  /// own.
  BitRows beside(const BitRows& rows) const {
    BitRows out(effective_.classes.size(), table_.size());
    for (const auto& combinable : combinations_.list) {
      BitRows all(1, table_.size());
      for (const auto& representative : combinable.representatives)
        add_all(all.row(0), rows.row(representative.group_class));
      for (const auto& representative : combinable.representatives)
        add_all(out.row(representative.group_class), std::as_const(all).row(0));
    }
    return out;
  }

  /// The first entry of each class and cell that matters, sorted by entry. Nothing where there are
  /// too many.
  template <class Matters>
  std::optional<std::vector<First>> firsts(const EntryList& entries, Matters matters,
                                           Needs& needs) {
    std::vector<First> found;
    std::vector<std::uint32_t> seen(table_.size(), 0);
    for (std::uint32_t group_class = 0; group_class < holders_.roles_of.size(); ++group_class) {
      entries.each(holders_.roles_of[group_class], table_, [&](EntryId id, CellId cell) {
        if (!matters(group_class, cell)) return;
        needs.matters[id] = true;
        if (seen[cell] == group_class + 1) return;
        seen[cell] = group_class + 1;
        found.push_back({id, group_class, cell});
      });
      if (found.size() > limits_.firsts) return std::nullopt;
    }
    std::ranges::stable_sort(found, {}, &First::entry);
    return found;
  }

  template <class Matters>
  std::optional<Needs> needs(const EntryList& entries, Matters matters) {
    Needs out{.is_needed = std::vector<bool>(entries.list.size(), false),
              .matters = std::vector<bool>(entries.list.size(), false)};
    const auto found = firsts(entries, matters, out);
    if (!found) return std::nullopt;
    BitRows kept(effective_.classes.size(), table_.size());
    auto end = found->end();
    for (auto id = static_cast<EntryId>(entries.list.size()); id-- > 0;) {
      auto begin = end;
      while (begin != found->begin() && std::prev(begin)->entry == id)
        --begin;
      out.is_needed[id] = std::any_of(begin, end, [&](const First& first) {
        return !kept.test(first.group_class, first.cell);
      });
      end = begin;
      if (out.is_needed[id]) mark(entries, id, kept);
    }
    return out;
  }

  void mark(const EntryList& entries, EntryId id, BitRows& kept) const {
    const auto& item = entries.list[id];
    for (const auto group_class : holders_.classes_of[item.entry.role]) {
      for (const auto cell : table_.cells(item.pattern))
        kept.set(group_class, cell);
    }
  }

  /// Whether a role with it is held and it matches a scope. Other rules report the rest.
  bool is_of_interest(const EntryList::Item& item) const {
    return !holders_.classes_of[item.entry.role].empty() && !table_.cells(item.pattern).empty();
  }

  void add_allows(const Needs& needs, RedundantEntries& out) {
    for (EntryId id = 0; id < allows_.list.size(); ++id) {
      const auto& item = allows_.list[id];
      if (needs.is_needed[id] || !is_of_interest(item)) continue;
      if (needs.matters[id]) {
        out.shadowed.push_back(explained(
            item, allows_, needs.is_needed,
            [&](auto group_class, auto cell) { return !denied_.test(group_class, cell); }));
      } else {
        out.overridden.push_back(explained(item, denies_, {}, [](auto, auto) { return true; }));
      }
    }
  }

  void add_denies(const Needs& needs, RedundantEntries& out) {
    const auto is_met = [&](auto group_class, auto cell) {
      return met_beside_.test(group_class, cell);
    };
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
  bool is_anywhere(const EntryList::Item& item, Is is) const {
    return std::ranges::any_of(holders_.classes_of[item.entry.role], [&](auto group_class) {
      return std::ranges::any_of(table_.cells(item.pattern),
                                 [&](auto cell) { return is(group_class, cell); });
    });
  }

  /// Finds an entry that makes `item` redundant in the first case that counts.
  template <class Counts>
  Redundant explained(const EntryList::Item& item, const EntryList& among,
                      const std::vector<bool>& kept, Counts counts) {
    Redundant redundant{.entry = item.entry};
    for (const auto group_class : holders_.classes_of[item.entry.role]) {
      for (const auto cell : table_.cells(item.pattern)) {
        if (explaining_ == 0 || !counts(group_class, cell)) continue;
        if (const auto* by = find(group_class, cell, item, among, kept)) {
          redundant.by = by->entry;
          redundant.is_by_alone = is_alone(item, *by);
        }
        return redundant;
      }
    }
    return redundant;
  }

  const EntryList::Item* find(std::uint32_t group_class, CellId cell, const EntryList::Item& but,
                              const EntryList& among, const std::vector<bool>& kept) {
    for (const auto role : holders_.roles_of[group_class]) {
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

  bool is_alone(const EntryList::Item& item, const EntryList::Item& by) const {
    return std::ranges::includes(table_.cells(by.pattern), table_.cells(item.pattern)) &&
           std::ranges::includes(holders_.classes_of[by.entry.role],
                                 holders_.classes_of[item.entry.role]);
  }

  const Effective& effective_;
  const PatternTable& table_;
  const Combinations& combinations_;
  const RedundancyLimits& limits_;
  Holders holders_;
  EntryList allows_;
  EntryList denies_;
  BitRows allowed_, denied_;             // by class and cell, as the Engine decides
  BitRows raw_;                          // an allow matches, denied or not
  BitRows allowed_beside_;               // allowed to a class that can be combined with this one
  BitRows met_beside_;                   // an allow of such a class matches
  std::size_t explaining_ = 20'000'000;  // steps left for finding the other entry
};

}  // namespace

RedundantEntries redundant_entries(const Analysed& analysed, const Removed& removed,
                                   const RedundancyLimits& limits) {
  return Judge(analysed, removed, limits).run();
}

}  // namespace mcpauth::policy::analysis
