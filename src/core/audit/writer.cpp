#include "core/audit/writer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "core/base/reason.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::audit {
namespace {

/// More than any record: the longest strings in it come from tokens of at most 64 KiB.
constexpr std::uint64_t kMaxLine = 1 << 20;

Error unusable(const std::filesystem::path& path, std::string_view why, std::string hint) {
  return Error{
      .code = Errc::io,
      .message = "the audit log `" + path.string() + "` cannot be written: " + std::string(why),
      .hint = std::move(hint),
      .why = "nothing is done that cannot be recorded first",
      .reason = reason::kAuditUnavailable};
}

bool write_all(int fd, std::string_view line) {
  while (!line.empty()) {
    const ssize_t put = ::write(fd, line.data(), line.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    line.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

enum class Lock { taken, held, failed };

/// A writer that is stuck must stop nobody for ever: after `patience` it is said.
Lock lock(int fd, std::chrono::milliseconds patience) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return Lock::failed;
    if (std::chrono::steady_clock::now() >= give_up) return Lock::held;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return Lock::taken;
}

/// What another user can write, or owns, is no evidence.
Result<void> check_owner(const std::filesystem::path& path, const struct stat& info) {
  if (info.st_uid != ::geteuid() && info.st_uid != 0) {
    return unusable(path, "it belongs to another user",
                    "chown it, or point [audit] file elsewhere");
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return unusable(path, "others can write it too", "chmod 600 " + path.string());
  }
  return {};
}

/// A new name in a directory lasts only once the directory is on disk.
bool sync_directory_of(const std::filesystem::path& path) {
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const int fd = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

}  // namespace

Writer::Writer(Writer&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      patience_(other.patience_) {}

Writer::~Writer() {
  if (fd_ >= 0) ::close(fd_);
}

Error Writer::unavailable(std::string_view what, int error) const {
  return unusable(path_, std::string(what) + ": " + std::strerror(error), {});
}

Result<Writer> Writer::open(const std::filesystem::path& path, std::chrono::milliseconds patience) {
  // O_NONBLOCK: a FIFO in its place must not hang us; it is refused below.
  const int fd = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (fd < 0) {
    const int error = errno;
    const bool missing = error == ENOENT;
    return unusable(path, std::strerror(error),
                    missing ? "mkdir -p " + path.parent_path().string() : "");
  }
  Writer writer(fd, path, patience);
  struct stat info{};
  if (::fstat(fd, &info) != 0) return writer.unavailable("stat", errno);
  if (!S_ISREG(info.st_mode)) return unusable(path, "it is not a regular file", {});
  TRY_VOID(check_owner(path, info));
  if (info.st_size == 0 && !sync_directory_of(path)) {
    return writer.unavailable("sync its directory", errno);
  }
  return writer;
}

Result<std::uint64_t> Writer::append(const Record& record, Instant ts) {
  switch (lock(fd_, patience_)) {
    case Lock::taken:
      break;
    case Lock::held:
      return unusable(path_, "another process holds its lock",
                      "`fuser " + path_.string() + "` names it");
    case Lock::failed:
      return unavailable("lock", errno);
  }
  auto seq = append_locked(record, ts);
  ::flock(fd_, LOCK_UN);
  return seq;
}

Result<std::uint64_t> Writer::append_locked(const Record& record, Instant ts) {
  struct stat info{};
  if (::fstat(fd_, &info) != 0) return unavailable("stat", errno);
  const auto size = static_cast<std::uint64_t>(info.st_size);
  TRY(const std::uint64_t seq, next_seq(size));
  const std::string line = to_line(record, seq, ts) + "\n";
  if (line.size() > kMaxLine) return unusable(path_, "the record is too long", {});
  if (write_all(fd_, line) && ::fdatasync(fd_) == 0) return seq;

  const int error = errno;
  // A full disk takes a part of the line. It goes again, so that the log stays whole lines.
  if (::ftruncate(fd_, info.st_size) != 0) return unavailable("take back a cut record", errno);
  return unavailable("write", error);
}

Result<std::uint64_t> Writer::next_seq(std::uint64_t size) const {
  if (size == 0) return std::uint64_t{0};
  const std::uint64_t want = std::min(size, kMaxLine + 1);
  std::string tail(want, '\0');
  std::size_t used = 0;
  while (used < want) {
    const ssize_t got =
        ::pread(fd_, tail.data() + used, want - used, static_cast<off_t>(size - want + used));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unavailable("read", errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  if (used < want || tail.back() != '\n') {
    return unusable(path_, "its last record is incomplete",
                    "a crash cut it: keep the file aside as evidence and start a new one");
  }
  tail.pop_back();
  const auto start = tail.rfind('\n') + 1;  // npos + 1 is 0
  const auto last = json::parse(std::string_view(tail).substr(start));
  const auto* number = last ? last->find("seq") : nullptr;
  const auto seq = number != nullptr ? number->integer() : std::nullopt;
  if (!seq || *seq < 0) {
    return unusable(path_, "its last line is not an audit record",
                    "point [audit] file at a log of mcpauth, or at a new file");
  }
  return static_cast<std::uint64_t>(*seq) + 1;
}

}  // namespace mcpauth::audit
