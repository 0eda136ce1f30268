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

using PatternId = std::uint32_t;  ///< one for each different pattern of the policy
using CellId = std::uint32_t;

/// An equivalence class of scopes: the same patterns match them, so the policy treats them alike.
struct Cell {
  std::uint32_t scope = 0;  ///< position of its first scope in the witnesses
  bool is_many = false;     ///< it has more than one scope
};

/// Which scopes each pattern of a policy matches. The policy and the scopes must outlive it.
class PatternTable {
 public:
  /// `scopes` are the witnesses. `most` bounds the number of matches that are kept.
  PatternTable(const policy::Policy& policy, std::span<const std::string> scopes,
               std::size_t most = 20'000'000);

  /// False when there were more matches than `most`. Then the table is empty.
  bool is_complete() const { return is_complete_; }
  /// The pattern must be one of the policy's roles or separations.
  PatternId id_of(std::string_view pattern) const { return ids_.find(pattern)->second; }
  /// The cells that it matches, ascending.
  std::span<const CellId> cells(PatternId pattern) const { return matched_[pattern]; }
  std::span<const CellId> cells(std::string_view pattern) const { return cells(id_of(pattern)); }
  bool matches(PatternId pattern, CellId cell) const;
  std::size_t size() const { return cells_.size(); }
  const Cell& cell(CellId id) const { return cells_[id]; }
  /// The cell of each scope, or kNone where no pattern matches it.
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
