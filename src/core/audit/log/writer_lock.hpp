#pragma once

#include <chrono>
#include <filesystem>

#include "core/base/result.hpp"

namespace mcpauth::audit {

/// The lock on FILE.lock that keeps a log to one writer. It is held as long as this object exists,
/// and released by the system if the process dies. The file contains the writer's process id, for
/// the error message of a second writer.
class WriterLock {
 public:
  /// Waits up to `lock_timeout` for another writer; after that, the error names it
  /// (kAuditUnavailable).
  static Result<WriterLock> take(const std::filesystem::path& log,
                                 std::chrono::milliseconds lock_timeout);
  /// The process that holds the lock, or 0. For messages only: it may change at any time.
  static long holder(const std::filesystem::path& log);

  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int fd) : fd_(fd) {}
  int fd_;
};

/// The error for every failure to write a log, with the reason kAuditUnavailable.
Error unavailable(const std::filesystem::path& log, std::string_view why, std::string hint = {});
/// The same with the message of an errno.
Error unavailable(const std::filesystem::path& log, std::string_view doing, int error);

}  // namespace mcpauth::audit
