#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// The file that a log's records are appended to. Every failure has the reason kAuditUnavailable.
class ActiveFile {
 public:
  /// Opens or makes it (0600). Only a regular file is taken, of this user or root, that nobody else
  /// can write: what others can change is no evidence.
  static Result<ActiveFile> open(const std::filesystem::path& path);
  ActiveFile(ActiveFile&& other) noexcept;
  ActiveFile& operator=(ActiveFile&&) = delete;
  ~ActiveFile();

  /// The length up to which it is ours; the next record goes there.
  Result<void> start_at(std::uint64_t bytes);
  std::uint64_t size() const { return size_; }
  /// `ts` of its first record; nothing where it has none.
  std::optional<Instant> started() const;

  /// Appends all or nothing, and syncs. What was written of it is taken back on a failure. After a
  /// failed sync nobody knows what is on disk: then every further call fails until it is opened
  /// anew.
  Result<void> append(std::string_view bytes, bool sync);
  Result<void> sync();

  /// Whether the path no longer leads to this file. An error where it leads to a file that holds
  /// something, or where somebody else wrote into ours.
  Result<bool> was_moved() const;
  Result<void> rename_to(const std::filesystem::path& name);
  /// Goes on in a new file of the same path.
  Result<void> open_new();
  /// Goes on at the end of the file that our own rewriting put in its place.
  Result<void> open_replaced();

 private:
  ActiveFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}

  int fd_;
  std::filesystem::path path_;
  std::uint64_t size_ = 0;
  bool lost_ = false;  ///< a sync or taking back failed
};

}  // namespace mcpauth::audit
