#include "cli/streams.hpp"

#include <fcntl.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkostemp
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/base/secret.hpp"

namespace mcpauth::cli {
namespace {

/// Writes everything; 0, or the errno that stopped it.
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
  // A stream goes bad, rather than to its end, only by an exception from its buffer.
  if (got < 0) throw std::ios_base::failure("cannot read stdin");
  if (got == 0) return traits_type::eof();
  setg(buffer_.data(), buffer_.data(), buffer_.data() + got);
  return traits_type::to_int_type(*gptr());
}

OutputFile::~OutputFile() {
  writer_.reset();  // writes what is left, so before the descriptor goes
  if (fd_ >= 0) ::close(fd_);
  if (fd_ >= 0 && !temporary_.empty()) ::unlink(temporary_.c_str());
}

bool OutputFile::open() {
  if (fd_ >= 0 || error_ != 0) return error_ == 0;
  struct stat info{};
  const bool exists = ::stat(path_.c_str(), &info) == 0;
  if (exists && !S_ISREG(info.st_mode)) {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    std::error_code ignored;
    const auto target = std::filesystem::canonical(path_, ignored);  // through a symbolic link
    if (exists && !target.empty()) path_ = target;
    temporary_ = path_.string() + ".XXXXXX";
    fd_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
  }
  if (fd_ < 0) {
    error_ = errno;
    return false;
  }
  writer_.emplace(fd_);
  return true;
}

std::streamsize OutputFile::xsputn(const char* text, std::streamsize size) {
  return open() ? writer_->sputn(text, size) : 0;
}

OutputFile::int_type OutputFile::overflow(int_type next) {
  if (traits_type::eq_int_type(next, traits_type::eof())) return traits_type::not_eof(next);
  return open() ? writer_->sputc(traits_type::to_char_type(next)) : traits_type::eof();
}

int OutputFile::sync() {
  if (writer_) return writer_->pubsync();
  return error_ == 0 ? 0 : -1;
}

Error OutputFile::failure(int error) const {
  return {.code = Errc::io,
          .message = "cannot write `" + path_.string() + "`: " + std::strerror(error)};
}

Result<void> OutputFile::commit() {
  if (OutputFile::sync() != 0) return failure(writer_ ? writer_->error() : error_);
  if (!writer_ || temporary_.empty()) return {};
  if (::fsync(fd_) != 0) return failure(errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return failure(errno);
  temporary_.clear();
  return {};
}

}  // namespace mcpauth::cli
