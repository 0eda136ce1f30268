#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace mcpauth::policy::lint {

/// A TOML file of a policy in the one way to write it: a blank around `=` and behind `,`, none
/// inside
/// `[ ]`, two before a comment, the `=` of entries that stand together below each other, list
/// entries in lines of their own indented by two, one blank line at most, and one before each
/// table. Keys of a table stand in the order of the documentation as far as no comment or blank
/// line between them says otherwise. Strings, comments and line breaks within lists stay as they
/// are, and so does all that the file means; doing it twice changes nothing. Fails (Errc::config)
/// on what is no TOML.
Result<std::string> tidy(std::string_view text, std::string_view file);

}  // namespace mcpauth::policy::lint
