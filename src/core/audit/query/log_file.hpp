#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// Identifies a file, whatever its name is now.
struct FileId {
  dev_t device = 0;
  ino_t number = 0;
  friend bool operator==(const FileId&, const FileId&) = default;
};

/// A regular file, open for reading. It stays the same file even if it is renamed.
class LogFile {
 public:
  static Result<LogFile> open(const std::filesystem::path& path);
  LogFile(LogFile&& other) noexcept;
  LogFile& operator=(LogFile&& other) noexcept;
  ~LogFile();

  /// Reads at most `size` bytes at offset `at`. 0 only at the end.
  Result<std::size_t> read(char* into, std::size_t size, std::uint64_t at) const;
  std::uint64_t size() const;
  /// The `seq` of its first line, if that is a record.
  std::optional<std::uint64_t> first_seq() const;
  FileId id() const { return id_; }
  /// Its name when it was opened.
  const std::filesystem::path& path() const { return path_; }

 private:
  LogFile(int fd, FileId id, std::filesystem::path path)
      : fd_(fd), id_(id), path_(std::move(path)) {}

  int fd_;
  FileId id_;
  std::filesystem::path path_;
};

}  // namespace mcpauth::audit::query
