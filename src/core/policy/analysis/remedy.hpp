#pragma once

#include <cstddef>
#include <vector>

#include "core/policy/analysis/diff.hpp"
#include "core/policy/analysis/edits.hpp"
#include "core/policy/analysis/explain.hpp"

namespace mcpauth::policy::analysis {

/// Edits that together turn a denial into an allow, and what else they would do.
struct Remedy {
  std::vector<Edit> edits;
  Difference effect;        ///< of the policy without them to the policy with them
  std::size_t lets_in = 0;  ///< pairs of a group (or set of groups) and a tool or scope gained
};

struct Remedies {
  std::vector<Remedy> list;  ///< fewest edits first, then by whom else they let in
  /// False when there were more edits than could be tried: there may be others that work.
  bool is_complete = true;
};

/// The smallest edits, two at most, with which the Engine would allow what it denies now. Each is
/// judged by building the edited policy and asking. Empty for what is allowed, and where nothing
/// that small works.
Remedies remedies_for(const policy::Engine& engine, const Question& question, Instant now);

/// The other way round: one edit with which the Engine would deny what it allows now.
Remedies remedies_against(const policy::Engine& engine, const Question& question, Instant now);

}  // namespace mcpauth::policy::analysis
