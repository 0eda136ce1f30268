#pragma once

#include <string_view>

#include "core/base/result.hpp"

namespace mcpauth::cli {

/// Whether a word on the command line is a secret itself and not a reference to one: a JWT, PEM or
/// private JWK, or a token with a well-known prefix.
bool looks_like_secret(std::string_view word);

/// The refusal of one, with the safer forms. Does not repeat the value.
Error secret_on_command_line(std::string_view where);

}  // namespace mcpauth::cli
