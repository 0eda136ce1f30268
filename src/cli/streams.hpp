#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <streambuf>
#include <string>

#include "core/base/result.hpp"

namespace mcpauth::cli {

/// Memory for a stream, taken when it is first used and wiped when it is given back: a stream that
/// nobody uses costs a command no page at its start.
class StreamBuffer {
 public:
  explicit StreamBuffer(std::size_t size) : size_(size) {}
  StreamBuffer(const StreamBuffer&) = delete;
  StreamBuffer& operator=(const StreamBuffer&) = delete;
  ~StreamBuffer();

  char* data();
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> memory_;  // NOLINT(modernize-avoid-c-arrays): not zeroed first
};

/// Writes to a descriptor that it does not own. Remembers the first error and wipes its buffer,
/// which may have held a token.
class FdWriter final : public std::streambuf {
 public:
  explicit FdWriter(int fd) : fd_(fd) {}
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
  StreamBuffer buffer_{8192};
};

/// Reads from a descriptor that it does not own and wipes its buffer.
class FdReader final : public std::streambuf {
 public:
  explicit FdReader(int fd) : fd_(fd) {}
  FdReader(const FdReader&) = delete;
  FdReader& operator=(const FdReader&) = delete;

 private:
  int_type underflow() override;

  int fd_;
  StreamBuffer buffer_{65536};
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
