#include "core/audit/log/active_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/audit/log/line.hpp"
#include "core/audit/log/line_reader.hpp"
#include "core/audit/log/writer_lock.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;

bool write_all(int fd, std::string_view bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
    at += static_cast<std::uint64_t>(put);
  }
  return true;
}

/// A file that another user owns or can write is not evidence.
Result<void> check_owner(const fs::path& path, const struct stat& info) {
  if (!S_ISREG(info.st_mode)) return unavailable(path, "it is not a regular file");
  if (info.st_uid != ::geteuid() && info.st_uid != 0) {
    return unavailable(path, "it belongs to another user",
                       "chown it, or point [audit] file elsewhere");
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return unavailable(path, "others can write it too", "chmod 600 " + path.string());
  }
  return {};
}

/// A new name in a directory lasts only once the directory is on disk.
bool sync_directory_of(const fs::path& path) {
  const auto parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const int fd = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

}  // namespace

ActiveFile::ActiveFile(ActiveFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      size_(other.size_),
      lost_(other.lost_) {}

ActiveFile::~ActiveFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<ActiveFile> ActiveFile::open(const fs::path& path) {
  // O_NONBLOCK: a FIFO in its place must not hang us; it is refused below.
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (fd < 0) return unavailable(path, "open", errno);
  ActiveFile file(fd, path);
  struct stat info{};
  if (::fstat(fd, &info) != 0) return unavailable(path, "stat", errno);
  TRY_VOID(check_owner(path, info));
  // FILE.lock keeps writers apart. This lock does so if FILE.lock was removed.
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    return unavailable(path, "another process is writing it");
  if (info.st_size == 0 && !sync_directory_of(path)) {
    return unavailable(path, "sync its directory", errno);
  }
  return file;
}

Result<void> ActiveFile::start_at(std::uint64_t bytes) {
  struct stat info{};
  if (::fstat(fd_, &info) != 0) return unavailable(path_, "stat", errno);
  if (static_cast<std::uint64_t>(info.st_size) != bytes) {
    return unavailable(path_, "it changed while it was opened");
  }
  size_ = bytes;
  return {};
}

std::optional<Instant> ActiveFile::started() const {
  auto lines = LineReader::open(path_, 0, size_, kMaxLine);
  if (!lines) return std::nullopt;
  const auto first = lines->next();
  const auto record = first ? LineView::of(*first) : std::nullopt;
  return record ? record->ts() : std::nullopt;
}

Result<void> ActiveFile::append(std::string_view bytes, bool sync) {
  if (lost_) return unavailable(path_, "an earlier write failed; it must be opened again");
  if (!write_all(fd_, bytes, size_)) {
    const int error = errno;
    // A full disk may take a part of it. Remove that part, so that the log keeps whole lines.
    if (::ftruncate(fd_, static_cast<off_t>(size_)) != 0) lost_ = true;
    return unavailable(path_, "write", error);
  }
  if (sync && ::fdatasync(fd_) != 0) {
    const int error = errno;
    lost_ = true;
    [[maybe_unused]] const int ignored = ::ftruncate(fd_, static_cast<off_t>(size_));
    return unavailable(path_, "sync", error);
  }
  size_ += bytes.size();
  return {};
}

Result<void> ActiveFile::sync() {
  if (lost_) return unavailable(path_, "an earlier write failed; it must be opened again");
  if (::fdatasync(fd_) == 0) return {};
  lost_ = true;
  return unavailable(path_, "sync", errno);
}

Result<bool> ActiveFile::was_moved() const {
  struct stat ours{};
  struct stat there{};
  if (::fstat(fd_, &ours) != 0) return unavailable(path_, "stat", errno);
  const auto bytes = static_cast<std::uint64_t>(ours.st_size);
  if (::stat(path_.c_str(), &there) != 0) {
    if (errno == ENOENT) return true;
    return unavailable(path_, "stat", errno);
  }
  const bool same = ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
  if (same && bytes == size_) return false;
  // Copied and then emptied (logrotate's copytruncate): the emptied file takes the next records.
  if (same && bytes == 0) return true;
  if (!same && there.st_size == 0) return true;
  return unavailable(
      path_, same ? "another process changed it" : "another file with content took its place",
      "a log has one writer at a time and is never edited; `mcpauth audit verify` "
      "says what is wrong");
}

Result<void> ActiveFile::rename_to(const fs::path& name) {
  if (::access(name.c_str(), F_OK) == 0) {
    return unavailable(path_, text::format("`{}` already exists", name.string()));
  }
  if (::rename(path_.c_str(), name.c_str()) != 0) return unavailable(path_, "rename", errno);
  return {};
}

Result<void> ActiveFile::open_replaced() {
  ::flock(fd_, LOCK_UN);
  TRY(auto next, open(path_));
  struct stat info{};
  if (::fstat(next.fd_, &info) != 0) return unavailable(path_, "stat", errno);
  std::swap(fd_, next.fd_);
  size_ = static_cast<std::uint64_t>(info.st_size);
  return {};
}

Result<void> ActiveFile::open_new() {
  ::flock(fd_, LOCK_UN);  // after copytruncate it is the same file, which `open` locks
  TRY(auto next, open(path_));
  TRY_VOID(next.start_at(0));
  if (!sync_directory_of(path_)) return unavailable(path_, "sync its directory", errno);
  std::swap(fd_, next.fd_);
  size_ = 0;
  lost_ = false;
  return {};
}

}  // namespace mcpauth::audit
