#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::policy::test {

/// The test files that paths lead to, sorted: files as they are, and below folders all that end in
/// `_test.toml`. Hidden folders and links to folders are not entered. None at all is
/// Errc::not_found.
Result<std::vector<std::filesystem::path>> find_suites(const std::vector<std::string>& paths);

}  // namespace mcpauth::policy::test
