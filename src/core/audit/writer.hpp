#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "core/audit/record.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// Appends records to one log file. Several writers, in this process and in others, may append to
/// the same file: each append holds an exclusive lock from reading the last `seq` until its own
/// line is on disk. One Writer is for one thread at a time. Every failure has the reason
/// kAuditUnavailable.
class Writer {
 public:
  /// Opens or makes the file (0600). Only a regular file is taken, of this user or root, that
  /// nobody else can write. An append waits up to `patience` for another writer's lock.
  static Result<Writer> open(const std::filesystem::path& path,
                             std::chrono::milliseconds patience = std::chrono::seconds(5));

  Writer(Writer&& other) noexcept;
  Writer& operator=(Writer&&) = delete;
  ~Writer();

  /// Returns the record's `seq` once the line is on disk. On an error nothing was appended: what
  /// was written of the line is taken back.
  Result<std::uint64_t> append(const Record& record, Instant ts);

 private:
  Writer(int fd, std::filesystem::path path, std::chrono::milliseconds patience)
      : fd_(fd), path_(std::move(path)), patience_(patience) {}
  Result<std::uint64_t> append_locked(const Record& record, Instant ts);
  Result<std::uint64_t> next_seq(std::uint64_t size) const;
  Error unavailable(std::string_view what, int error) const;

  int fd_;
  std::filesystem::path path_;
  std::chrono::milliseconds patience_;
};

}  // namespace mcpauth::audit
