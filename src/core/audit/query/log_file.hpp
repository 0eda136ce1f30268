#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// Which file it is, whatever it is called now.
struct FileId {
  dev_t device = 0;
  ino_t number = 0;
  friend bool operator==(const FileId&, const FileId&) = default;
};

/// A regular file, open for reading: it stays the same one also when it is called otherwise.
class LogFile {
 public:
  static Result<LogFile> open(const std::filesystem::path& path);
  LogFile(LogFile&& other) noexcept;
  LogFile& operator=(LogFile&& other) noexcept;
  ~LogFile();

  /// Reads at most `size` bytes at `at`; 0 only at the end.
  Result<std::size_t> read(char* into, std::size_t size, std::uint64_t at) const;
  std::uint64_t size() const;
  /// The `seq` of its first line, if that is a record.
  std::optional<std::uint64_t> first_seq() const;
  FileId id() const { return id_; }
  /// What it was called when it was opened.
  const std::filesystem::path& path() const { return path_; }

 private:
  LogFile(int fd, FileId id, std::filesystem::path path)
      : fd_(fd), id_(id), path_(std::move(path)) {}

  int fd_;
  FileId id_;
  std::filesystem::path path_;
};

}  // namespace mcpauth::audit::query
