#pragma once

#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"

// References: a word that says where a value is, so that no secret is on the command line.
namespace mcpauth::cli {

/// The forms that a reference to a secret can have, for help texts.
inline constexpr std::string_view kSourceForms =
    "PATH, -, file:PATH, env:NAME, fd:N, jwks:PATH#KID or exec:COMMAND";

/// Reads the secret that `reference` leads to. One newline at its end is dropped; an empty secret
/// is an error, and so is a file that other users can read. `what` names the secret in messages
/// ("the signing key"). `-` can be read once in a run.
Result<Secret> read_source(std::string_view reference, Env& env, std::string_view what);

/// The same for text that is not secret, such as a token to decode. Any file will do, and nothing
/// is dropped.
Result<std::string> read_input(std::string_view reference, Env& env,
                               std::size_t limit = std::size_t{1} << 20);

}  // namespace mcpauth::cli
