#pragma once

#include <string>

#include "cli/frame/env.hpp"
#include "core/token/bulk.hpp"

namespace mcpauth::cli {

/// Judges a token per line of a file or stdin, a verdict per line on stdout; the status is that of
/// the worst. An input without a line is Errc::input.
Result<Exit> verify_batch(const std::string& source, jose::KeySource& keys,
                          const token::BulkRules& rules, Env& env);

}  // namespace mcpauth::cli
