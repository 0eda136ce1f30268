#pragma once

#include <set>
#include <span>
#include <vector>

#include "core/policy/analysis/diff.hpp"

namespace mcpauth::policy::analysis {

/// What differs from an instant on at which grants have expired, and did not differ before.
struct Later {
  Instant from = {};
  Difference difference = {};  ///< with only those changes that are new then
};

/// The difference of two policies now, and at each later instant at which a grant of one of them
/// expires. `now.unsure` is about all of it.
struct DifferenceOverTime {
  Difference now = {};
  std::vector<Later> later = {};  ///< by time; only where there is a new change
  Verdict verdict = Verdict::equivalent;

  bool has_gain() const;
  bool has_loss() const;
};

/// Compares two policies now and after each later expiry. A grant that no longer expires shows as a
/// gain on the day of its old expiry. Where there are too many days for the size of the policies,
/// `now.unsure` says so.
DifferenceOverTime diff_over_time(const policy::Engine& before, const policy::Engine& after,
                                  Instant now, const DiffLimits& limits = {});

/// The instants later than `now` at which a grant of one of these policies expires.
std::set<Instant> expiries_of(std::span<const policy::Policy* const> policies, Instant now);

}  // namespace mcpauth::policy::analysis
