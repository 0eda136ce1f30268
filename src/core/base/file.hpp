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
/// belongs to another user than us or root. The bytes never pass through a std::string.
Result<Secret> read_secret_file(const std::filesystem::path& path, std::size_t limit = 1 << 20);

/// Reads a descriptor to its end, at most `limit` bytes; `name` is for the error.
Result<Secret> read_secret_fd(int fd, std::string_view name, std::size_t limit = 1 << 20);

/// A temporary file is called like its final file, followed by this mark and a random end.
inline constexpr std::string_view kTemporaryMark = ".tmp-";

enum class Overwrite { no, yes };

/// Gives a finished temporary file its final name. With Overwrite::no an existing file is
/// Errc::exists and stays unchanged. The temporary is gone in any case.
Result<void> put_in_place(const std::string& temporary, const std::filesystem::path& path,
                          Overwrite overwrite);

/// Writes a file whole or not at all: into a temporary beside it, fsync, then put_in_place.
Result<void> write_file(const std::filesystem::path& path, BytesView content, Overwrite overwrite,
                        mode_t mode = 0600);

}  // namespace mcpauth
