#pragma once

#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/http/client.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::cli {

/// Whether it is `scheme://...`, whatever the scheme: `reach_of` refuses those that are not asked.
/// `file:` leads to a file.
bool is_url(std::string_view reference);

/// Where a URL typed by a person may lead: by identity::reach_of with the [[idp]] of the
/// configuration. One that was found but cannot be used opens nothing, which is said; one that was
/// named must be good.
Result<http::Reach> reach_of(std::string_view url, Env& env);

/// The error of keys that are at an address which stays closed, with the way that is left.
Error or_as_file(Error error);

/// The text of a key set: from an http(s) URL, a file or stdin.
Result<std::string> key_set_text(std::string_view reference, Env& env);

/// The same, read; the error names where it came from.
Result<jose::KeySet> read_key_set(std::string_view reference, Env& env);

}  // namespace mcpauth::cli
