#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace mcpauth {

/// Reads a whole regular file, pipe or device of at most `limit` bytes. A directory, a missing or
/// unreadable file and one over the limit are errors that name the path.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 1 << 20);

/// The same for a file that holds a secret: refused when group or others can read it, or when it
/// belongs to somebody else than us or root. The bytes never pass through a std::string.
Result<Secret> read_secret_file(const std::filesystem::path& path, std::size_t limit = 1 << 20);

/// Reads a descriptor to its end, at most `limit` bytes; `name` is for the error.
Result<Secret> read_secret_fd(int fd, std::string_view name, std::size_t limit = 1 << 20);

/// What stands between the name of a file and the random end of the temporary that becomes it.
inline constexpr std::string_view kTemporaryMark = ".tmp-";

enum class Overwrite { no, yes };

/// Gives a finished temporary its name, by rename; or by link where overwriting is not wanted: then
/// an existing file is Errc::exists and stays untouched. The temporary is gone in any case.
Result<void> put_in_place(const std::string& temporary, const std::filesystem::path& path,
                          Overwrite overwrite);

/// Writes a file whole or not at all: a temporary beside it, fsync, then put in place.
Result<void> write_file(const std::filesystem::path& path, BytesView content, Overwrite overwrite,
                        mode_t mode = 0600);

}  // namespace mcpauth
