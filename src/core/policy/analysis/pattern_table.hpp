#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/policy/analysis/bits.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

using PatternId = std::uint32_t;  ///< a different pattern of the policy
using CellId = std::uint32_t;

/// Scopes that the same patterns match: nothing that the policy says tells them apart.
struct Cell {
  std::uint32_t scope = 0;  ///< position in the universe of the first of them
  bool is_many = false;     ///< there is more than one, in the universe or beyond it
};

/// Which scopes of a universe each pattern of a policy matches. Both must outlive it.
class PatternTable {
 public:
  /// `most` bounds the matches that are kept.
  PatternTable(const policy::Policy& policy, std::span<const std::string> scopes,
               std::size_t most = 20'000'000);

  /// False when there were more matches than that; then the table is empty.
  bool is_complete() const { return is_complete_; }
  /// The pattern must be one of the policy's roles or separations.
  PatternId id_of(std::string_view pattern) const { return ids_.find(pattern)->second; }
  /// What it matches, ascending.
  std::span<const CellId> cells(PatternId pattern) const { return matched_[pattern]; }
  std::span<const CellId> cells(std::string_view pattern) const { return cells(id_of(pattern)); }
  bool matches(PatternId pattern, CellId cell) const;
  std::size_t size() const { return cells_.size(); }
  const Cell& cell(CellId id) const { return cells_[id]; }
  /// The cell of each scope of the universe, or kNone where no pattern matches it.
  const std::vector<CellId>& cell_of() const { return cell_of_; }

  static constexpr CellId kNone = UINT32_MAX;

 private:
  bool is_complete_ = true;
  std::unordered_map<std::string_view, PatternId> ids_;
  std::vector<std::vector<CellId>> matched_;  // by pattern
  std::vector<Cell> cells_;
  std::vector<CellId> cell_of_;
};

}  // namespace mcpauth::policy::analysis
