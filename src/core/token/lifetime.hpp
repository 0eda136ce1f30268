#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "core/base/result.hpp"

namespace mcpauth::token {

/// An upper bound on a lifetime and who set it, as in "role `hr-admin` (rbac.toml:14)".
struct Cap {
  std::chrono::seconds value;
  std::string set_by;
};

/// The lifetime asked for or, when none is, the least cap. Errc::usage where the lifetime asked for
/// is outside 5 to 15 minutes or over a cap, Errc::config where a cap is under 5 minutes; both have
/// the reason kTtlOutOfRange and name the cap. Nothing is shortened silently.
Result<std::chrono::seconds> choose_ttl(std::optional<std::chrono::seconds> asked,
                                        std::span<const Cap> caps);

}  // namespace mcpauth::token
