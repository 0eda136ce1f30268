#pragma once

#include <string_view>

#include "cli/frame/env.hpp"
#include "core/jose/verify.hpp"

namespace mcpauth::cli {

Exit exit_for(jose::Verdict verdict);

/// The list of checks and the verdict; the claims only of a valid token. With `--json` as one
/// document. Text from the token is escaped.
void print_report(const jose::Report& report, Env& env);

}  // namespace mcpauth::cli
