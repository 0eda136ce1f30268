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

/// The directory of a key ring, as files. What must hold: the directory is ours and 0700, every
/// file in it that we read is a regular file of ours (no symbolic link) that nobody else can read.
namespace mcpauth::keys::store {

/// ring.json of this directory: what a server watches to see that the ring has changed.
std::filesystem::path index_path(const std::filesystem::path& directory);
std::filesystem::path private_path(const std::filesystem::path& directory, std::string_view kid);

/// Makes the directory (0700) where there is none; the parent must exist.
Result<void> make_directory(const std::filesystem::path& directory);
/// Refuses a directory that others can enter or that belongs to somebody else.
Result<void> check_directory(const std::filesystem::path& directory);

/// How long a change waits for another one, which takes milliseconds unless it hangs.
inline constexpr std::chrono::milliseconds kPatience{10'000};

/// Keeps every other change out until it goes away, across threads and processes.
class Lock {
 public:
  /// Errc::io when it is not to be had in time.
  static Result<Lock> take(const std::filesystem::path& directory,
                           std::chrono::milliseconds patience = kPatience);
  Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Lock& operator=(Lock&&) = delete;
  ~Lock();

 private:
  explicit Lock(int fd) : fd_(fd) {}
  int fd_;
};

bool has_index(const std::filesystem::path& directory);
Result<std::vector<Entry>> read_index(const std::filesystem::path& directory);
/// Replaces ring.json in one step that survives a crash.
Result<void> put_index(const std::filesystem::path& directory, const std::vector<Entry>& entries);

/// Errc::not_found where there is no such file.
Result<Secret> read_private(const std::filesystem::path& directory, std::string_view kid);
Result<void> put_private(const std::filesystem::path& directory, std::string_view kid,
                         const Secret& pem);
/// Looks at a private file without reading it; one that is not there is fine.
Result<void> check_private(const std::filesystem::path& directory, std::string_view kid);

/// Names of files that a change which was cut off has left: private ones, whole or temporary, of a
/// key that is neither next nor active, and temporaries of ring.json (without the lock one that is
/// being written may be among them). Files of other names are nobody's business.
Result<std::vector<std::string>> leftovers(const std::filesystem::path& directory,
                                           const std::vector<Entry>& entries);
/// Removes these files and makes that last.
Result<void> remove(const std::filesystem::path& directory, const std::vector<std::string>& names);

}  // namespace mcpauth::keys::store
