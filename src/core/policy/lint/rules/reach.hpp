#pragma once

#include "core/policy/analysis/conflicts.hpp"
#include "core/policy/analysis/redundant.hpp"
#include "core/policy/lint/finding/editor.hpp"
#include "core/policy/lint/rules/sums.hpp"

// The parts of the family "reach"; for its own files only.

namespace mcpauth::policy::lint {

/// `roles.dev.scopes["svc:*"]`
std::string entry_path(const policy::Role& role, std::string_view list, std::string_view entry);
/// `grant.dev@acme`, without the org where it has none.
std::string grant_name(const policy::Grant& grant);
/// `grant.dev@acme[okta:HR,okta:IT]`: with its groups, so that what was known of a grant is not
/// taken for known once it is for others.
std::string grant_path(const policy::Grant& grant);

/// RB306. What it finds in roles is taken for gone from then on.
void check_duplicates(const policy::Policy& policy, Instant now, Editor& editor, Findings& findings,
                      analysis::Removed& gone);
/// RB308, likewise.
void check_inherited(const policy::Policy& policy, const analysis::RoleGraph& graph, Editor& editor,
                     Findings& findings, analysis::Removed& gone);
/// RB301, RB305 and the roles of RB307.
void check_roles(const Sums& sums, Editor& editor, Findings& findings);
/// RB302, RB303, RB304, RB309 and the denies of RB307.
void check_entries(const Sums& sums, const analysis::Removed& gone, Editor& editor,
                   Findings& findings);

}  // namespace mcpauth::policy::lint
