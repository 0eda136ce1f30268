#pragma once

#include <cstdint>

#include "core/base/clock.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::lint {

/// The result of comparing two policies without faults.
enum class Sameness : std::uint8_t {
  same,       ///< from `now` on, every principal may do the same under both
  different,  ///< some principal may do something under only one, or a tool needs other scopes
  unknown,    ///< the policies are too large to compare
};

/// Compares what two policies permit at `now` and after each later expiry. For every group in every
/// org it compares the standing to every scope and the lifetime of tokens. Where a tool needs no
/// scope, it also compares whether the group holds any role. Combinations of groups need no look of
/// their own: their standing is the strongest of each group's.
Sameness compare(const policy::Policy& a, const policy::Policy& b, Instant now);

}  // namespace mcpauth::policy::lint
