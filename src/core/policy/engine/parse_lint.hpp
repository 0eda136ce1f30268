#pragma once

#include <vector>

#include "core/codec/toml.hpp"
#include "core/policy/engine/policy.hpp"
#include "core/policy/engine/read.hpp"

namespace mcpauth::policy {

/// The rules that the table `[lint]` sets. Its faults are added to the report.
std::vector<LintRule> lint_rules_of(Report& report, const toml::Node& lint);

}  // namespace mcpauth::policy
