#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <streambuf>
#include <string>

#include "core/base/result.hpp"

namespace mcpauth::cli {

/// Writes to a descriptor that it does not own. Remembers the first error and wipes its buffer,
/// which may have held a token.
class FdWriter final : public std::streambuf {
 public:
  explicit FdWriter(int fd);
  FdWriter(const FdWriter&) = delete;
  FdWriter& operator=(const FdWriter&) = delete;
  ~FdWriter() override;

  /// errno of the first write that failed; 0 if none did.
  const int& error() const { return error_; }

 private:
  int_type overflow(int_type next) override;
  int sync() override;

  int fd_;
  int error_ = 0;
  std::array<char, 8192> buffer_;
};

/// Reads from a descriptor that it does not own and wipes its buffer.
class FdReader final : public std::streambuf {
 public:
  explicit FdReader(int fd) : fd_(fd) {}
  FdReader(const FdReader&) = delete;
  FdReader& operator=(const FdReader&) = delete;
  ~FdReader() override;

 private:
  int_type underflow() override;

  int fd_;
  std::array<char, 65536> buffer_;
};

/// The file of --output: a temporary beside it from the first byte on, in place after `commit`,
/// gone without. What is no regular file (a terminal, /dev/null, a pipe) is written to directly.
class OutputFile final : public std::streambuf {
 public:
  explicit OutputFile(std::filesystem::path path) : path_(std::move(path)) {}
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() override;

  /// Makes the file appear whole. Without a byte written there is nothing to do.
  Result<void> commit();

 private:
  int_type overflow(int_type next) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;
  bool open();
  Error failure(int error) const;

  std::filesystem::path path_;
  std::string temporary_;  ///< empty: written to directly
  int fd_ = -1;
  int error_ = 0;                   ///< why it could not be opened
  std::optional<FdWriter> writer_;  ///< once it is open
};

}  // namespace mcpauth::cli
