#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace mcpauth::cli {

/// The forms a reference to a secret can have, for the help of an option that takes one.
inline constexpr std::string_view kSourceForms =
    "PATH, -, file:PATH, env:NAME, fd:N, jwks:PATH#KID or exec:COMMAND";

/// Reads the secret that `reference` leads to; one newline at its end is dropped, and an empty one
/// is an error. `what` names it in messages ("the signing key"). Files that others can read are
/// refused. `-` works once a run.
Result<Secret> read_source(std::string_view reference, Env& env, std::string_view what);

/// The same for what is no secret, such as a token to look at: from any file, as it is.
Result<std::string> read_input(std::string_view reference, Env& env,
                               std::size_t limit = std::size_t{1} << 20);

/// Asks at the terminal, without showing what is typed. Errc::needs_person where nobody can be
/// asked: without a terminal, or under --no-input.
Result<Secret> ask(std::string_view prompt, Env& env);
/// Asks for a new secret, twice; both answers must be equal.
Result<Secret> ask_new(std::string_view prompt, Env& env);

/// Whether a word on the command line is a secret itself and not a reference to one: a JWT, PEM or
/// private JWK, or a token with a well-known prefix.
bool looks_like_secret(std::string_view word);
/// Whether any piece of a text does, between blanks, quotes, `=` and the like.
bool holds_secret(std::string_view text);

/// The refusal of one, with the safer forms. Does not repeat the value.
Error secret_on_command_line(std::string_view where);

/// Splits a command into words at blanks. Single quotes keep everything; in double quotes and
/// outside of quotes a backslash keeps the next character. There are no variables and no patterns.
Result<std::vector<std::string>> split_command(std::string_view command);

/// Runs a program without a shell and gives what it prints. Its exit status must be 0.
Result<Secret> run_program(const std::vector<std::string>& words, std::chrono::milliseconds timeout,
                           std::size_t limit);

/// The text of the key with this `kid` in a JWKS. Whether it is a good key is judged by its reader.
Result<Secret> key_of_set(const Secret& jwks, std::string_view kid);

}  // namespace mcpauth::cli
