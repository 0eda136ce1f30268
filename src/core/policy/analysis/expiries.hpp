#pragma once

#include <set>
#include <span>

#include "core/base/clock.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

/// The instants after `now` from which a grant of one of these policies no longer applies. Between
/// two of them nothing changes.
std::set<Instant> expiries_after(std::span<const Policy* const> policies, Instant now);

}  // namespace mcpauth::policy::analysis
