#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "core/keys/entry.hpp"

// The directory of a key ring, as files. The directory must belong to this user or root and have
// mode 0700. Every file that is read must be a regular file, not a symbolic link, with the same
// owner, and nobody else may be able to read it.
namespace mcpauth::keys::store {

/// ring.json of this directory. A server watches it to see when the ring changes.
std::filesystem::path index_path(const std::filesystem::path& directory);
std::filesystem::path private_path(const std::filesystem::path& directory, std::string_view kid);

/// Makes the directory (0700) if there is none; the parent must exist.
Result<void> make_directory(const std::filesystem::path& directory);
/// Refuses a directory that others can enter or that belongs to another user.
Result<void> check_directory(const std::filesystem::path& directory);

/// How long a change waits for another one. A change takes milliseconds unless it hangs.
inline constexpr std::chrono::milliseconds kLockTimeout{10'000};

/// Excludes every other change, in threads and processes, until it is destroyed.
class Lock {
 public:
  /// Errc::io when another change holds it for longer than `lock_timeout`.
  static Result<Lock> take(const std::filesystem::path& directory,
                           std::chrono::milliseconds lock_timeout = kLockTimeout);
  Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Lock& operator=(Lock&&) = delete;
  ~Lock();

 private:
  explicit Lock(int fd) : fd_(fd) {}
  int fd_;
};

bool has_index(const std::filesystem::path& directory);
Result<std::vector<Entry>> read_index(const std::filesystem::path& directory);
/// Replaces ring.json atomically and durably.
Result<void> put_index(const std::filesystem::path& directory, const std::vector<Entry>& entries);

/// Errc::not_found where there is no such file.
Result<Secret> read_private(const std::filesystem::path& directory, std::string_view kid);
Result<void> put_private(const std::filesystem::path& directory, std::string_view kid,
                         const Secret& pem);
/// Checks owner and mode of a private file without reading it. A missing file is fine.
Result<void> check_private(const std::filesystem::path& directory, std::string_view kid);

/// Names of files that an interrupted change left: private files, complete or temporary, of keys
/// that are neither next nor active, and temporary files of ring.json. Without the lock, one that
/// is being written may be among them. Ignores files with other names.
Result<std::vector<std::string>> leftovers(const std::filesystem::path& directory,
                                           const std::vector<Entry>& entries);
/// Removes these files and syncs the directory.
Result<void> remove(const std::filesystem::path& directory, const std::vector<std::string>& names);

}  // namespace mcpauth::keys::store
