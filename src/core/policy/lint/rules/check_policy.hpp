#pragma once

#include "core/policy/lint/finding/findings.hpp"
#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// Runs every rule over one policy. If the policy has faults, or if what it permits is too much to
/// work out, only the rules about names and shapes run, and a note says so.
void check_policy(const policy::Reading& reading, const Inputs& inputs, Findings& findings);

}  // namespace mcpauth::policy::lint
