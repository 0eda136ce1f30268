#include "core/policy/analysis/pattern_table.hpp"

#include <algorithm>

#include "core/policy/engine/pattern.hpp"
#include "core/policy/engine/scope_index.hpp"

namespace mcpauth::policy::analysis {
namespace {

using Ids = std::vector<PatternId>;

struct IdsHash {
  std::size_t operator()(const Ids& ids) const {
    std::size_t hash = ids.size();
    for (const auto id : ids)
      hash = (hash ^ id) * 0x9E3779B97F4A7C15U;
    return hash;
  }
};

/// A policy of one role that lists every pattern once, so that the engine's own index can be used.
policy::Policy listing(const policy::Policy& policy,
                       std::unordered_map<std::string_view, PatternId>& ids) {
  policy::Policy out;
  auto& list = out.roles.emplace_back().scopes;
  const auto add = [&](const std::vector<policy::Text>& patterns) {
    for (const auto& pattern : patterns) {
      const auto id = static_cast<PatternId>(list.size());
      if (ids.try_emplace(pattern.value, id).second) list.push_back({pattern.value, {}});
    }
  };
  for (const auto& role : policy.roles) {
    add(role.scopes);
    add(role.deny);
  }
  for (const auto& separation : policy.separations)
    add(separation.never_both);
  return out;
}

}  // namespace

PatternTable::PatternTable(const policy::Policy& policy, std::span<const std::string> scopes,
                           std::size_t most) {
  const auto all = listing(policy, ids_);
  const auto& texts = all.roles.front().scopes;
  const policy::ScopeIndex index(all);
  matched_.resize(texts.size());
  cell_of_.assign(scopes.size(), kNone);
  std::unordered_map<Ids, CellId, IdsHash> known;
  std::size_t matches = 0;
  for (std::uint32_t i = 0; i < scopes.size(); ++i) {
    Ids ids = index.matching(scopes[i]);
    if (ids.empty()) continue;
    const auto [cell, is_new] =
        known.try_emplace(std::move(ids), static_cast<CellId>(cells_.size()));
    cell_of_[i] = cell->second;
    if (!is_new) {
      cells_[cell->second].is_many = true;
      continue;
    }
    // Without a catalogue any scope may be used, so a wildcard matches more than one.
    bool is_many = !policy.has_scope_catalogue;
    for (const auto id : cell->first) {
      const auto at = static_cast<PatternId>(index.allows(0, {id}) - texts.data());
      matched_[at].push_back(cell->second);
      is_many = is_many && !policy::is_concrete(texts[at].value);
    }
    cells_.push_back({i, is_many});
    matches += cell->first.size();
    is_complete_ = matches <= most;
    if (!is_complete_) break;
  }
  if (is_complete_) return;
  cells_.clear();
  cell_of_.assign(scopes.size(), kNone);
  matched_.assign(texts.size(), {});
}

bool PatternTable::matches(PatternId pattern, CellId cell) const {
  return std::ranges::binary_search(matched_[pattern], cell);
}

}  // namespace mcpauth::policy::analysis
