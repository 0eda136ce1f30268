#pragma once

#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/http/client.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::cli {

/// Whether it is `scheme://...` with any scheme but `file`, which leads to a file. `reach_of`
/// refuses a scheme that cannot be fetched.
bool is_url(std::string_view reference);

/// The addresses that a URL from the command line may lead to, by identity::reach_of and the IdPs
/// of the configuration. A configuration that was found but is broken allows none, with a note; one
/// that -C names must be valid.
Result<http::Reach> reach_of(std::string_view url, Env& env);

/// Adds to the error of a forbidden address that the key set can be given as a file.
Error or_as_file(Error error);

/// The text of a key set: from an http(s) URL, a file or stdin.
Result<std::string> key_set_text(std::string_view reference, Env& env);

/// The key set itself; the error names where it came from.
Result<jose::KeySet> read_key_set(std::string_view reference, Env& env);

}  // namespace mcpauth::cli
