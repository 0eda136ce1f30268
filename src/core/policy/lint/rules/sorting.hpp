#pragma once

#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// RB804: lists that are not sorted by the bytes of their strings.
void check_sorting(const Subject& subject, Findings& findings);

}  // namespace mcpauth::policy::lint
