#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/policy/lint/fix/edits.hpp"
#include "core/policy/lint/lint.hpp"

namespace mcpauth::policy::lint {

/// A fix that was applied, or was not.
struct Repair {
  const Rule* rule = nullptr;
  Place place = {};  ///< in the text as it was when its turn came
  std::string title = {};
  std::string why_not = {};  ///< empty: it was applied
};

/// What became of the fixes of a run.
struct Mended {
  Texts before = {};
  Texts after = {};  ///< the same files
  std::vector<Repair> done = {};
  std::vector<Repair> left = {};
  std::vector<policy::Reading> readings = {};  ///< of the texts after, one for each given
};

enum class Unsafe : bool { no, yes };

/// Applies the fixes of what stands, again and again until there is nothing left to do (ten times
/// at most). A safe one is applied only when the policies permit the same before and after; where a
/// policy has faults and so permits nothing, only fixes of its faults are, and only when fewer are
/// left. An unsafe one, with `Unsafe::yes`, may change what is permitted, but never brings a fault.
Mended mend(std::span<const policy::Reading* const> readings, const Inputs& inputs,
            const Selection& selection, Unsafe unsafe);

}  // namespace mcpauth::policy::lint
