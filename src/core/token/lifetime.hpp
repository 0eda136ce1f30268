#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "core/base/result.hpp"
#include "core/base/ttl.hpp"

namespace mcpauth::token {

/// An upper bound on a lifetime and who set it, as in "role `hr-admin` (rbac.toml:14)".
struct Cap {
  std::chrono::seconds value;
  std::string set_by;
};

/// The lifetime asked for, or the least cap when none is. What is asked for outside 5 to 15 minutes
/// or over a cap is Errc::usage, a cap under 5 minutes Errc::config; both with the reason
/// kTtlOutOfRange and the cap that decided. Nothing is clamped in silence.
Result<std::chrono::seconds> choose_ttl(std::optional<std::chrono::seconds> asked,
                                        std::span<const Cap> caps);

}  // namespace mcpauth::token
