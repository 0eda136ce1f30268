#pragma once

#include <string_view>

#include "core/jose/verify.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::token {

/// Adds the check `policy` to a report: the token must have every scope that the tool needs, or any
/// role where the tool needs no scope. If it fails, the report becomes invalid and loses its
/// claims. Skipped for a token that is not valid.
void check_tool(jose::Report& report, const policy::Engine& engine, std::string_view tool);

}  // namespace mcpauth::token
