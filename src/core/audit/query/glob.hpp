#pragma once

#include <string_view>

namespace mcpauth::audit::query {

/// Whether the whole text matches the pattern: `*` matches any characters, including none and `/`;
/// `?` matches one; everything else matches itself. Takes at most O(pattern * text) steps.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace mcpauth::audit::query
