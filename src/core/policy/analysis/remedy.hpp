#pragma once

#include <cstddef>
#include <vector>

#include "core/policy/analysis/diff.hpp"
#include "core/policy/analysis/edits.hpp"
#include "core/policy/analysis/explain.hpp"

namespace mcpauth::policy::analysis {

/// Edits that together turn a denial into an allow, and what else they would change.
struct Remedy {
  std::vector<Edit> edits;
  Difference effect;        ///< from the policy without them to the policy with them
  std::size_t lets_in = 0;  ///< gained pairs of a group (or set of groups) and a tool or scope
};

struct Remedies {
  std::vector<Remedy> list;  ///< fewest edits first, then fewest let in
  /// False when not every edit could be tried. There may be others that work.
  bool is_complete = true;
};

/// The smallest edits, two at most, with which the Engine would allow what it denies now. Each is
/// tried: the edited policy is built and the Engine asked. Empty where the answer is an allow
/// already, and where no two edits are enough.
Remedies remedies_for(const policy::Engine& engine, const Question& question, Instant now);

/// The reverse: one edit with which the Engine would deny what it allows now.
Remedies remedies_against(const policy::Engine& engine, const Question& question, Instant now);

}  // namespace mcpauth::policy::analysis
