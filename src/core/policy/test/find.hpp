#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::policy::test {

/// The test files at these paths, sorted: each path that is a file, and below each folder the files
/// whose names end in `_test.toml`. Hidden folders and links to folders are skipped. Fails with
/// Errc::not_found when there are none.
Result<std::vector<std::filesystem::path>> find_suites(const std::vector<std::string>& paths);

}  // namespace mcpauth::policy::test
