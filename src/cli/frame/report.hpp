#pragma once

#include "cli/frame/env.hpp"

namespace mcpauth::cli {

/// Says what went wrong: `error[CODE]: what`, `why:` and `try:` on stderr, or one JSON object on
/// stdout when `as_json`. Text from outside is cut and escaped (for_reader). Returns the status for
/// the process.
Exit report(const Error& error, bool as_json, Env& env);

}  // namespace mcpauth::cli
