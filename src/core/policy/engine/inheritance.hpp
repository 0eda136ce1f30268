#pragma once

#include <cstdint>
#include <vector>

namespace mcpauth::policy {

using RoleId = std::uint32_t;  ///< position in Policy::roles

/// For each role the roles that it inherits itself.
using Parents = std::vector<std::vector<RoleId>>;

/// The roles, each behind all that it inherits, and the cycles that stand against it.
struct Inheritance {
  std::vector<RoleId> order;
  /// Each begins with its first role in file order; the last one inherits the first. At most 100.
  std::vector<std::vector<RoleId>> cycles;
};

/// Needs no stack that grows with the depth of the inheritance.
Inheritance sort_inheritance(const Parents& parents);

}  // namespace mcpauth::policy
