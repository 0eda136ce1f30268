#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// The file that records are appended to. Every failure has the reason kAuditUnavailable.
class ActiveFile {
 public:
  /// Opens or creates it (0600). It must be a regular file that belongs to this user or root and
  /// that nobody else can write: a file that others can change is not evidence.
  static Result<ActiveFile> open(const std::filesystem::path& path);
  ActiveFile(ActiveFile&& other) noexcept;
  ActiveFile& operator=(ActiveFile&&) = delete;
  ~ActiveFile();

  /// Sets the length that was verified. The next record is written there.
  Result<void> start_at(std::uint64_t bytes);
  std::uint64_t size() const { return size_; }
  /// The `ts` of its first record, if it has one.
  std::optional<Instant> started() const;

  /// Appends all of `bytes` or nothing: a partial write is undone. After a failed sync the state of
  /// the disk is unknown, so every later call fails until the file is opened again.
  Result<void> append(std::string_view bytes, bool sync);
  Result<void> sync();

  /// Whether the path no longer leads to this file. An error if it leads to another file that is
  /// not empty, or if another process wrote to this one.
  Result<bool> was_moved() const;
  Result<void> rename_to(const std::filesystem::path& name);
  /// Continues in a new file at the same path.
  Result<void> open_new();
  /// Continues at the end of the file that `Writer::rewrite` put in its place.
  Result<void> open_replaced();

 private:
  ActiveFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}

  int fd_;
  std::filesystem::path path_;
  std::uint64_t size_ = 0;
  bool lost_ = false;  ///< a sync, or undoing a partial write, failed
};

}  // namespace mcpauth::audit
