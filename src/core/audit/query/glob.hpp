#pragma once

#include <string_view>

namespace mcpauth::audit::query {

/// Whether the whole text is like the pattern: `*` stands for any characters, also none and also
/// `/`; `?` for one; all else for itself. In at most O(pattern * text) steps.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace mcpauth::audit::query
