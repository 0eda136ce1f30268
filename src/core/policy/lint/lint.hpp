#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/lint/baseline.hpp"
#include "core/policy/lint/finding/finding.hpp"
#include "core/policy/lint/finding/subject.hpp"
#include "core/policy/lint/select.hpp"

namespace mcpauth::policy::lint {

/// The number of findings of each kind. The first four count only those that are neither suppressed
/// nor in the baseline.
struct Counts {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t infos = 0;
  std::size_t fixable = 0;     ///< those with a fix
  std::size_t suppressed = 0;  ///< by a comment
  std::size_t baselined = 0;
  std::size_t removed = 0;  ///< entries of the baseline that no finding matches any more
  std::size_t hidden = 0;   ///< of rules that are active only under another persona
  std::size_t files = 0;
};

/// The result of a run.
struct Outcome {
  std::vector<Finding> findings = {};  ///< by file and position; suppressed and baselined ones too
  std::vector<Note> notes = {};        ///< what could not be judged, or not exactly
  Counts counts = {};
};

/// Checks each policy and collects the findings. A file that several policies include is reported
/// once. A fault, which keeps a policy from being used, always counts: no selection, comment or
/// baseline hides it, because while it is there nothing else was judged. `baseline` may be null.
Outcome lint(std::span<const policy::Reading* const> readings, const Inputs& inputs,
             const Selection& selection, const Baseline* baseline = nullptr);
Outcome lint(const policy::Reading& reading, const Inputs& inputs, const Selection& selection = {},
             const Baseline* baseline = nullptr);

/// The readings that are not part of another: a file that another one includes, or that is given
/// twice, is not checked on its own.
std::vector<policy::Reading> roots_of(std::vector<policy::Reading> readings);

}  // namespace mcpauth::policy::lint
