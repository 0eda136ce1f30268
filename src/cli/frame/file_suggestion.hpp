#pragma once

#include <filesystem>

#include "core/base/result.hpp"

namespace mcpauth::cli {

/// Adds a hint to the error of reading `path`, if that does not exist and the error has no hint:
/// the file with the nearest name in its directory, or else the directory that is missing.
Error with_file_suggestion(Error error, const std::filesystem::path& path);

}  // namespace mcpauth::cli
