#pragma once

#include <string>

#include "cli/frame/env.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::cli {

/// Answers a question per line of a file or stdin with a decision per line on stdout, in order and
/// in bounded memory. The status is that of the worst: a line that is no question, then a denial.
Result<Exit> explain_batch(const std::string& source, const policy::Engine& engine, Env& env);

}  // namespace mcpauth::cli
