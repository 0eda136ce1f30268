#pragma once

#include <string_view>

#include "core/base/error.hpp"

// Secrets that were typed on the command line, where every user of the machine can read them.
namespace mcpauth::cli {

/// Whether the word is itself a secret and not a reference to one: a JWT, a PEM, a private JWK, or
/// a token with a well-known prefix.
bool looks_like_secret(std::string_view word);
/// Whether any piece of the text looks like a secret. Blanks, quotes, `=` and the like separate
/// the pieces.
bool holds_secret(std::string_view text);

/// The error for one, with the safer forms as the hint. Does not repeat the value.
Error secret_on_command_line(std::string_view where);

}  // namespace mcpauth::cli
