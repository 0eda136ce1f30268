#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy {

using ToolId = std::uint32_t;  ///< position in Policy::tools

/// Finds the most specific entries for a called tool. The policy must outlive it.
class ToolIndex {
 public:
  explicit ToolIndex(const Policy& policy);

  /// The most specific entries that match, in file order: several when they are equally specific,
  /// and none when no entry matches.
  std::vector<ToolId> find(std::string_view tool) const;

 private:
  struct Pattern {
    std::size_t literals;
    ToolId id;
  };
  using Patterns = std::vector<Pattern>;  ///< most literals first, then file order

  void add_matches(const Patterns& patterns, std::string_view tool, Patterns& best) const;

  const Policy* policy_;
  std::unordered_map<std::string_view, std::vector<ToolId>> exact_;
  std::unordered_map<std::string_view, Patterns> by_server_;  // patterns without `*` in the server
  Patterns any_server_;
};

}  // namespace mcpauth::policy
