#pragma once

#include <string>

#include "cli/frame/env.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::cli {

/// Answers each line of a file or stdin, which holds one question, with one line on stdout: in
/// order and in bounded memory. The status is Exit::failure when a line is not a question, else
/// Exit::no when anything was denied.
Result<Exit> explain_batch(const std::string& source, const policy::Engine& engine, Env& env);

}  // namespace mcpauth::cli
