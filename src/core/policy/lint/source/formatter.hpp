#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace mcpauth::policy::lint {

/// The text of a policy file in the standard layout of `rbac fmt`:
///
/// - One blank around `=` and after `,`, none inside `[ ]`, two before a comment. The `=` of
///   neighbouring entries are aligned.
/// - List entries on lines of their own are indented by two. Line breaks within a list stay.
/// - At most one blank line in a row, and one before each table.
/// - The keys of a table are in the order of the documentation. No key moves across a comment, a
///   blank line or a key that the documentation does not name.
///
/// Strings, comments and the meaning of the file stay as they are. Formatting twice changes nothing
/// more. Errc::config when the text is not TOML; Errc::input when the result would not mean the
/// same.
Result<std::string> formatted(std::string_view text, std::string_view file);

}  // namespace mcpauth::policy::lint
