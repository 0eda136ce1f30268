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

/// How many of which; the first three are of those that stand.
struct Counts {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t infos = 0;
  std::size_t fixable = 0;     ///< of them, those with a fix
  std::size_t suppressed = 0;  ///< by a comment
  std::size_t baselined = 0;
  std::size_t gone = 0;    ///< entries of the baseline that match nothing any more
  std::size_t hidden = 0;  ///< of rules that speak only under another persona
  std::size_t files = 0;
};

/// What a run found.
struct Outcome {
  std::vector<Finding> findings = {};  ///< by file and position; suppressed and baselined ones too
  std::vector<Note> notes = {};        ///< what was not judged, or not exactly
  Counts counts = {};
};

/// Looks at each policy and puts together what is found; a file that is in several is reported
/// once. A fault (what keeps a policy from being used) always stands: it is not selected away,
/// suppressed or taken by the baseline, because nothing else was judged while it is there. Without
/// `baseline` there is none.
Outcome lint(std::span<const policy::Reading* const> readings, const Inputs& inputs,
             const Selection& selection, const Baseline* baseline = nullptr);
Outcome lint(const policy::Reading& reading, const Inputs& inputs, const Selection& selection = {},
             const Baseline* baseline = nullptr);

/// Those of the readings that are no part of another: a file that another one includes, or that is
/// given twice, is not judged on its own.
std::vector<policy::Reading> roots_of(std::vector<policy::Reading> readings);

}  // namespace mcpauth::policy::lint
