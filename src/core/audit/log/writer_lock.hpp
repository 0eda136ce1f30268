#pragma once

#include <chrono>
#include <filesystem>

#include "core/base/result.hpp"

namespace mcpauth::audit {

/// One writer for a log: FILE.lock, held while this lives and given back by the system when the
/// process dies. It holds the writer's process id, for the message that a second one gets.
class WriterLock {
 public:
  /// Waits up to `patience` for another writer; then the error names it (kAuditUnavailable).
  static Result<WriterLock> take(const std::filesystem::path& log,
                                 std::chrono::milliseconds patience);
  /// The process that holds it, 0 where none does. For people: it may have changed when it is read.
  static long holder(const std::filesystem::path& log);

  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int fd) : fd_(fd) {}
  int fd_;
};

/// Every failure to write a log, in the words that the caller passes on: nothing is done that
/// cannot be recorded.
Error unavailable(const std::filesystem::path& log, std::string_view why, std::string hint = {});
/// The same with the text of an errno.
Error unavailable(const std::filesystem::path& log, std::string_view doing, int error);

}  // namespace mcpauth::audit
