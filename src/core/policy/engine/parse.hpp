#pragma once

#include <vector>

#include "core/codec/toml.hpp"
#include "core/policy/engine/policy.hpp"
#include "core/policy/engine/read.hpp"

namespace mcpauth::policy {

/// Adds what one file says to the policy, with what is wrong in it to the report (whose file it
/// is). Returns the files that it includes. Names are checked once all files are in: see check.hpp.
std::vector<Text> parse_into(Policy& policy, Report& report, toml::Table table,
                             const PolicyLimits& limits);

/// What `[lint]` says.
std::vector<LintRule> lint_rules_of(Report& report, const toml::Node& lint);

}  // namespace mcpauth::policy
