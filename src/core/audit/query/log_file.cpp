#include "core/audit/query/log_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "core/audit/log/line.hpp"
#include "core/audit/log/segments.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit::query {
LogFile::LogFile(LogFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), id_(other.id_), path_(std::move(other.path_)) {}

LogFile& LogFile::operator=(LogFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(id_, other.id_);
  path_.swap(other.path_);
  return *this;
}

LogFile::~LogFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<LogFile> LogFile::open(const std::filesystem::path& path) {
  // Without O_NONBLOCK, opening a FIFO would block.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return audit::unreadable(path, errno);
  struct stat info{};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(fd);
    return Error{.code = Errc::io,
                 .message = text::format("`{}` is not a regular file", path.string())};
  }
  return LogFile(fd, {info.st_dev, info.st_ino}, path);
}

Result<std::size_t> LogFile::read(char* into, std::size_t size, std::uint64_t at) const {
  ssize_t got = 0;
  do {
    got = ::pread(fd_, into, size, static_cast<off_t>(at));
  } while (got < 0 && errno == EINTR);
  if (got < 0) return audit::unreadable(path_, errno);
  return static_cast<std::size_t>(got);
}

std::uint64_t LogFile::size() const {
  struct stat info{};
  return ::fstat(fd_, &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

std::optional<std::uint64_t> LogFile::first_seq() const {
  std::array<char, 64> start{};
  const auto got = read(start.data(), start.size(), 0);
  if (!got || *got == 0) return std::nullopt;
  return audit::seq_of({start.data(), *got});
}

}  // namespace mcpauth::audit::query
