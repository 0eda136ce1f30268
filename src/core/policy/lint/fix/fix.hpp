#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/policy/lint/fix/edits.hpp"
#include "core/policy/lint/lint.hpp"

namespace mcpauth::policy::lint {

/// A fix that was tried, and what became of it.
struct FixAttempt {
  const Rule* rule = nullptr;
  Place place = {};  ///< in the text as it was when the fix was tried
  std::string title = {};
  std::string why_not = {};  ///< empty: it was applied
};

/// The texts before and after the fixes, and what became of each fix.
struct FixResult {
  Texts before = {};
  Texts after = {};  ///< the same files
  std::vector<FixAttempt> applied = {};
  std::vector<FixAttempt> rejected = {};
  std::vector<policy::Reading> readings = {};  ///< of `after`: one for each policy given
};

enum class Unsafe : bool { no, yes };

/// Applies the fixes of all findings that count, in at most ten rounds, until no fix is left. The
/// texts change in memory only.
///
/// A safe fix is applied only when the policies permit the same before and after. With
/// `Unsafe::yes`, unsafe fixes are applied too: they may change what is permitted, but never make a
/// policy unusable. While a policy has faults it permits nothing; then only fixes of faults are
/// applied, and only when fewer faults are left.
FixResult apply_fixes(std::span<const policy::Reading* const> readings, const Inputs& inputs,
                      const Selection& selection, Unsafe unsafe);

}  // namespace mcpauth::policy::lint
