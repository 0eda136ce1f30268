#pragma once

#include <string>
#include <string_view>

namespace mcpauth::policy::lint {

/// What changes from one text to the other, as `diff -u` and `patch` have it; empty when nothing
/// does. The file's name stands in it as given.
std::string unified_diff(std::string_view file, std::string_view before, std::string_view after);

}  // namespace mcpauth::policy::lint
