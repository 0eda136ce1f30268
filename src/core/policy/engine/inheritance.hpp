#pragma once

#include <cstdint>
#include <vector>

namespace mcpauth::policy {

using RoleId = std::uint32_t;  ///< position in Policy::roles

/// For each role, the roles that it inherits directly.
using Parents = std::vector<std::vector<RoleId>>;

/// The roles in an order where each comes after all that it inherits, and the cycles that break it.
struct Inheritance {
  std::vector<RoleId> order;
  /// Each starts with its first role in file order, and its last role inherits the first. At most
  /// 100.
  std::vector<std::vector<RoleId>> cycles;
};

/// Does not recurse, so deep inheritance does not use up the stack.
Inheritance sort_inheritance(const Parents& parents);

}  // namespace mcpauth::policy
