#include "core/audit/log/writer_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#include "core/audit/log/segments.hpp"
#include "core/base/reason.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit {
namespace {

long pid_in(int fd) {
  std::array<char, 24> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  long pid = 0;
  if (got > 0) std::from_chars(text.data(), text.data() + got, pid);
  return pid;
}

/// Best effort: only the lock matters, the number is for people.
void write_pid(int fd) {
  const std::string text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) != 0) return;
  [[maybe_unused]] const ssize_t put = ::pwrite(fd, text.data(), text.size(), 0);
}

}  // namespace

Error unavailable(const std::filesystem::path& log, std::string_view why, std::string hint) {
  return Error{
      .code = Errc::io,
      .message = text::format("the audit log `{}` cannot be written: {}", log.string(), why),
      .hint = std::move(hint),
      .why = "nothing is done that cannot be recorded first",
      .reason = reason::kAuditUnavailable};
}

Error unavailable(const std::filesystem::path& log, std::string_view doing, int error) {
  return unavailable(log, text::format("{}: {}", doing, std::strerror(error)));
}

Result<WriterLock> WriterLock::take(const std::filesystem::path& log,
                                    std::chrono::milliseconds lock_timeout) {
  const auto path = beside(log, "lock");
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0600);
  if (fd < 0) {
    const int error = errno;
    const auto parent = log.has_parent_path() ? log.parent_path() : std::filesystem::path(".");
    return unavailable(log, std::strerror(error),
                       error == ENOENT ? "mkdir -p " + parent.string() : std::string());
  }
  WriterLock lock(fd);
  const auto give_up = std::chrono::steady_clock::now() + lock_timeout;
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return unavailable(log, "lock", errno);
    if (std::chrono::steady_clock::now() >= give_up) {
      const long pid = pid_in(fd);
      return unavailable(log,
                         pid > 0 ? text::format("process {} is writing it", pid)
                                 : std::string("another process is writing it"),
                         "a log has one writer at a time: stop that process, or give this one its "
                         "own log (MCPAUTH_AUDIT_FILE)");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  write_pid(fd);
  return lock;
}

long WriterLock::holder(const std::filesystem::path& log) {
  const int fd = ::open(beside(log, "lock").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return 0;
  const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  const long pid = held ? pid_in(fd) : 0;
  ::close(fd);
  return pid;
}

WriterLock::WriterLock(WriterLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

WriterLock::~WriterLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace mcpauth::audit
