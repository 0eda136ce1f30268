#pragma once

#include <string_view>

#include "core/jose/verify.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::token {

/// Adds the check `policy` to a report: the token's `scope` must hold every scope that the tool
/// needs; a tool that needs none is open to a token with any role. A failed check makes a valid
/// report invalid and takes its claims away; on a token that is not valid it is skipped.
void check_tool(jose::Report& report, const policy::Engine& engine, std::string_view tool);

}  // namespace mcpauth::token
