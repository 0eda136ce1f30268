#pragma once

#include <vector>

#include "core/codec/toml.hpp"
#include "core/policy/engine/policy.hpp"
#include "core/policy/engine/read.hpp"

namespace mcpauth::policy {

/// Adds the content of one file to the policy and its faults to the report, which must be at this
/// file. Returns the files that it includes. Names are checked when all files are read: see
/// check.hpp.
std::vector<Text> parse_into(Policy& policy, Report& report, toml::Table table,
                             const PolicyLimits& limits);

}  // namespace mcpauth::policy
