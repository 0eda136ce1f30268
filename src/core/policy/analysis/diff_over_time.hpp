#pragma once

#include <set>
#include <span>
#include <vector>

#include "core/policy/analysis/diff.hpp"

namespace mcpauth::policy::analysis {

/// What is different from an instant on when grants have ended, and was not before.
struct Later {
  Instant from = {};
  Difference difference = {};  ///< its `changes` are only those that are new then
};

/// The difference of two policies now and at each later instant at which a grant of one of them
/// ends. `now.unsure` holds for all of it.
struct DifferenceOverTime {
  Difference now = {};
  std::vector<Later> later = {};  ///< by time; those at which something is new
  Verdict verdict = Verdict::equivalent;

  bool has_gain() const;
  bool has_loss() const;
};

/// Both policies now, and after each end of a grant to come: a grant that no longer ends is a gain
/// of its day. Where there are too many days for the size of the policies, `now.unsure` says so.
DifferenceOverTime diff_over_time(const policy::Engine& before, const policy::Engine& after,
                                  Instant now, const DiffLimits& limits = {});

/// The instants later than `now` at which a grant of one of these policies ends.
std::set<Instant> expiries_of(std::span<const policy::Policy* const> policies, Instant now);

}  // namespace mcpauth::policy::analysis
