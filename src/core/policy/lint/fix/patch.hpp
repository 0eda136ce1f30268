#pragma once

#include <string>
#include <string_view>

namespace mcpauth::policy::lint {

/// The changes from one text to the other in the unified format of `diff -u` and `patch`. Empty
/// when the texts are equal. The name of the file is written as given.
std::string unified_diff(std::string_view file, std::string_view before, std::string_view after);

}  // namespace mcpauth::policy::lint
