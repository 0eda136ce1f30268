#pragma once

#include <span>
#include <vector>

#include "core/policy/analysis/effective.hpp"
#include "core/policy/analysis/entries.hpp"
#include "core/policy/analysis/pattern_table.hpp"
#include "core/policy/analysis/role_graph.hpp"

// What redundant.cpp and conflicts.cpp work with; for these two only.

namespace mcpauth::policy::analysis {

using EntryId = std::uint32_t;

/// The `scopes` or the `deny` of all roles, in the order of the policy and without removed entries.
struct EntryList {
  struct Item {
    Entry entry;
    PatternId pattern;
  };
  std::vector<Item> list;
  std::vector<EntryId> begin;  ///< by role: its first entry; the last element is the end

  EntryList(const policy::Policy& policy, const PatternTable& table,
            std::vector<policy::Text> policy::Role::* which, const Removed& removed) {
    for (RoleId id = 0; id < policy.roles.size(); ++id) {
      begin.push_back(static_cast<EntryId>(list.size()));
      for (const auto& text : policy.roles[id].*which) {
        if (!removed.contains(&text)) list.push_back({{id, &text}, table.id_of(text.value)});
      }
    }
    begin.push_back(static_cast<EntryId>(list.size()));
  }

  /// Calls `visit` with each entry of these roles and each cell that it matches.
  template <class Visit>
  void each(std::span<const RoleId> roles, const PatternTable& table, Visit visit) const {
    for (const auto role : roles) {
      for (EntryId id = begin[role]; id < begin[role + 1]; ++id) {
        for (const auto cell : table.cells(list[id].pattern))
          visit(id, cell);
      }
    }
  }
};

/// Which class of groups holds which roles, in both directions.
struct Holders {
  std::vector<std::vector<RoleId>> roles_of;           ///< by class, ascending
  std::vector<std::vector<std::uint32_t>> classes_of;  ///< by role

  Holders(const Effective& effective, const RoleGraph& graph, std::size_t roles)
      : classes_of(roles) {
    for (std::uint32_t group_class = 0; group_class < effective.classes.size(); ++group_class) {
      auto& of = roles_of.emplace_back();
      of.reserve(effective.classes[group_class].roles.size());
      for (const auto& held : effective.classes[group_class].roles) {
        of.push_back(graph.id_of(*held.role));
        classes_of[of.back()].push_back(group_class);
      }
    }
  }

  /// The number of pairs of an entry that a class holds and a cell that it matches. Stops counting
  /// a little above `most`.
  std::size_t steps(const EntryList& entries, const PatternTable& table, std::size_t most) const {
    std::size_t steps = 0;
    for (const auto& roles : roles_of) {
      for (const auto role : roles) {
        ++steps;
        for (EntryId id = entries.begin[role]; id < entries.begin[role + 1]; ++id)
          steps += 1 + table.cells(entries.list[id].pattern).size();
        if (steps > most) return steps;
      }
    }
    return steps;
  }
};

}  // namespace mcpauth::policy::analysis
