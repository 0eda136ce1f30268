#include "cli/frame/streams.hpp"

#include <unistd.h>

#include <cerrno>
#include <ios>
#include <string_view>

#include "core/base/secret.hpp"

namespace mcpauth::cli {
namespace {

/// Writes the whole text. Returns 0, or the errno of the write that failed.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return 0;
}

}  // namespace

StreamBuffer::~StreamBuffer() {
  if (memory_) wipe({reinterpret_cast<std::uint8_t*>(memory_.get()), size_});
}

char* StreamBuffer::data() {
  if (!memory_) memory_ = std::make_unique_for_overwrite<char[]>(size_);
  return memory_.get();
}

FdWriter::~FdWriter() {
  FdWriter::sync();
}

int FdWriter::sync() {
  const std::string_view pending(pbase(), static_cast<std::size_t>(pptr() - pbase()));
  if (pending.empty()) return error_ == 0 ? 0 : -1;
  if (error_ == 0) error_ = write_all(fd_, pending);
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error_ == 0 ? 0 : -1;
}

FdWriter::int_type FdWriter::overflow(int_type next) {
  if (FdWriter::sync() != 0) return traits_type::eof();
  if (pbase() == nullptr) setp(buffer_.data(), buffer_.data() + buffer_.size());
  if (traits_type::eq_int_type(next, traits_type::eof())) return traits_type::not_eof(next);
  *pptr() = traits_type::to_char_type(next);
  pbump(1);
  return next;
}

FdReader::int_type FdReader::underflow() {
  ssize_t got = -1;
  do {
    got = ::read(fd_, buffer_.data(), buffer_.size());
  } while (got < 0 && errno == EINTR);
  // Only an exception from its buffer makes a stream bad; any other return is the end of the input.
  if (got < 0) throw std::ios_base::failure("cannot read stdin");
  if (got == 0) return traits_type::eof();
  setg(buffer_.data(), buffer_.data(), buffer_.data() + got);
  return traits_type::to_int_type(*gptr());
}

}  // namespace mcpauth::cli
