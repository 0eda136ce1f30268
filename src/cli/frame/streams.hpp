#pragma once

#include <cstddef>
#include <memory>
#include <streambuf>

namespace mcpauth::cli {

/// The buffer of a stream. It is allocated at first use, so that a stream that a command does not
/// use costs nothing at its start, and it is wiped before it is freed.
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

/// Writes to a descriptor that it does not own, and remembers the first error. The buffer is wiped
/// at the end, because it may have held a token.
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

/// Reads from a descriptor that it does not own. The buffer is wiped at the end.
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

}  // namespace mcpauth::cli
