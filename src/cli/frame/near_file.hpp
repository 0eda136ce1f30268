#pragma once

#include <filesystem>

#include "core/base/result.hpp"

namespace mcpauth::cli {

/// The error of reading `path`. Where that is not there and the error has no hint yet: the file of
/// its directory with the nearest name, or which directory on the way is missing.
Error with_near_file(Error error, const std::filesystem::path& path);

}  // namespace mcpauth::cli
