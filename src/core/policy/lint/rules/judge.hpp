#pragma once

#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// Runs every rule over one policy. Where the policy has faults, or what it comes to is too much to
/// work out, the rules that need it do not run, and a note says so.
void judge(const policy::Reading& reading, const Inputs& inputs, Findings& findings);

}  // namespace mcpauth::policy::lint
