#pragma once

#include "cli/frame/env.hpp"

namespace mcpauth::cli {

/// Reports an error: `error[CODE]: what`, `why:` and `try:` on stderr, or one JSON object on stdout
/// with `as_json`. Text from outside is cut and escaped (for_reader). Returns the exit status.
Exit report(const Error& error, bool as_json, Env& env);

}  // namespace mcpauth::cli
