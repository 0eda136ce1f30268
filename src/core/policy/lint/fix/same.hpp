#pragma once

#include <cstdint>

#include "core/base/clock.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::lint {

/// What is known about two policies without faults.
enum class Sameness : std::uint8_t {
  same,  ///< from `now` on no principal may do anything under one that it may not under the other
  different,  ///< some may, or some tool that there could be needs something else
  unknown,    ///< too much to work out
};

/// Compares what two policies permit, now and after each expiry to come: for every group in every
/// org how it stands to every scope, its lifetime, and whether it holds a role at all where a tool
/// is open to whoever does. What several groups together may do follows from that, because allows
/// and denies of several add up to the strongest standing.
Sameness compare(const policy::Policy& a, const policy::Policy& b, Instant now);

}  // namespace mcpauth::policy::lint
