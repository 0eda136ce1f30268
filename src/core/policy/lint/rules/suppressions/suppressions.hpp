#pragma once

#include <functional>
#include <span>

#include "core/policy/lint/finding/findings.hpp"
#include "core/policy/lint/rules/suppressions/suppress.hpp"

namespace mcpauth::policy::lint {

/// Reports what is wrong with the directives (RB901 to RB905), once `suppress` has marked which
/// were used. `is_judged` says whether a rule could have found something: only then is a directive
/// for it that silenced nothing reported as unused.
void check_directives(std::span<const Directive> directives, Instant now,
                      const std::function<bool(const Rule&)>& is_judged, Findings& findings);

/// RB902.
const Rule& unused_suppression();

}  // namespace mcpauth::policy::lint
