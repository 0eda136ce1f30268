#pragma once

#include <string>
#include <string_view>

#include "core/policy/engine/policy.hpp"

// The `path` of a finding says where it is by meaning, not by line. A baseline knows a finding by
// it, so a path never changes its form.
namespace mcpauth::policy::lint {

/// `roles.dev.scopes["svc:*"]`
std::string entry_path(const policy::Role& role, std::string_view list, std::string_view entry);
/// `tools["svc/*"]`
std::string tool_path(const policy::Tool& tool);
/// `grant.dev@acme`, or `grant.dev` for a grant without an org.
std::string grant_name(const policy::Grant& grant);
/// `grant.dev@acme[okta:HR,okta:IT]`: a grant that is later given to other groups is a new finding.
std::string grant_path(const policy::Grant& grant);

}  // namespace mcpauth::policy::lint
