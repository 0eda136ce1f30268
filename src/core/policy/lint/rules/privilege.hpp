#pragma once

#include <string_view>

#include "core/policy/lint/finding/editor.hpp"
#include "core/policy/lint/rules/sums.hpp"

// The parts of the family "privilege"; for its own files only.

namespace mcpauth::policy::lint {

/// RB201.
void check_wildcards(const policy::Policy& policy, Findings& findings);
/// RB202, RB203 and RB204.
void check_globs(const Subject& subject, const policy::Policy& policy, Editor& editor,
                 Findings& findings);
/// RB205.
void check_escalation(const Sums& sums, Findings& findings);
/// RB206 and RB211.
void check_administration(const Subject& subject, const Sums& sums, Findings& findings);
/// RB207.
void check_separations(const Subject& subject, const Sums& sums, Findings& findings);
/// RB208.
void check_everyone(const Subject& subject, const Sums& sums, Findings& findings);

}  // namespace mcpauth::policy::lint
