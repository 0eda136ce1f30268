#pragma once

#include <string_view>

#include "cli/frame/env.hpp"
#include "core/base/secret.hpp"

// Questions to the person at the terminal.
namespace mcpauth::cli {

/// Asks without showing what is typed. Errc::needs_person when nobody can be asked: there is no
/// terminal, or --no-input is given.
Result<Secret> ask(std::string_view prompt, Env& env);
/// Asks for a new secret twice; both answers must be equal.
Result<Secret> ask_new(std::string_view prompt, Env& env);

}  // namespace mcpauth::cli
