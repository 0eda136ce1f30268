#include "core/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

namespace mcpauth {
namespace {

/// Closes a descriptor when it goes away.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string reason(int error) {
  return std::strerror(error);
}

Error cannot(std::string_view verb, const std::filesystem::path& path, int error) {
  const bool missing = error == ENOENT || error == ENOTDIR;
  return Error{
      .code = missing ? Errc::not_found : Errc::io,
      .message = "cannot " + std::string(verb) + " `" + path.string() + "`: " + reason(error)};
}

struct Opened {
  int fd;
  struct stat info;
};

Result<Opened> open_for_reading(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return cannot("open", path, errno);
  Opened opened{fd, {}};
  if (::fstat(fd, &opened.info) != 0) {
    const int error = errno;
    ::close(fd);
    return cannot("stat", path, error);
  }
  if (S_ISDIR(opened.info.st_mode)) {
    ::close(fd);
    return Error{.code = Errc::io, .message = "`" + path.string() + "` is a directory, not a file"};
  }
  return opened;
}

Error too_large(std::string_view name, std::size_t limit) {
  return Error{
      .code = Errc::input,
      .message = "`" + std::string(name) + "` is larger than " + std::to_string(limit) + " bytes"};
}

/// Reads until the end or until `buffer` is full; the count, or nothing on an error.
std::optional<std::size_t> read_fully(int fd, std::span<std::uint8_t> buffer) {
  std::size_t used = 0;
  while (used < buffer.size()) {
    const ssize_t got = ::read(fd, buffer.data() + used, buffer.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  return used;
}

bool write_fully(int fd, BytesView content) {
  while (!content.empty()) {
    const ssize_t put = ::write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    content = content.subspan(static_cast<std::size_t>(put));
  }
  return true;
}

Result<void> sync_directory(const std::filesystem::path& path) {
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Fd fd(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) return cannot("sync", parent, errno);
  return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  TRY(const Opened opened, open_for_reading(path));
  const Fd fd(opened.fd);
  const auto known = static_cast<std::size_t>(std::max<off_t>(opened.info.st_size, 0));
  if (known > limit) return too_large(path.string(), limit);

  std::string text;
  std::size_t used = 0;
  for (std::size_t room = std::max<std::size_t>(known + 1, 4096); used <= limit; room *= 2) {
    text.resize(std::min(room, limit + 1));
    const auto got = read_fully(
        fd.get(), {reinterpret_cast<std::uint8_t*>(text.data()) + used, text.size() - used});
    if (!got) return cannot("read", path, errno);
    used += *got;
    if (used < text.size()) break;
  }
  if (used > limit) return too_large(path.string(), limit);
  text.resize(used);
  return text;
}

Result<Secret> read_secret_fd(int fd, std::string_view name, std::size_t limit) {
  Secret buffer(std::min<std::size_t>(limit + 1, 4096));
  std::size_t used = 0;
  while (true) {
    const auto got = read_fully(fd, buffer.writable().subspan(used));
    if (!got) return cannot("read", std::filesystem::path(name), errno);
    used += *got;
    if (used < buffer.size()) break;
    if (used > limit) return too_large(name, limit);
    Secret larger(std::min(buffer.size() * 2, limit + 1));
    std::ranges::copy(buffer.reveal(), larger.writable().begin());
    buffer = std::move(larger);
  }
  return buffer.first(used);
}

Result<Secret> read_secret_file(const std::filesystem::path& path, std::size_t limit) {
  TRY(const Opened opened, open_for_reading(path));
  const Fd fd(opened.fd);
  const bool regular = S_ISREG(opened.info.st_mode);
  if (regular && (opened.info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{.code = Errc::io,
                 .message = "`" + path.string() + "` holds a secret and others can read it",
                 .hint = "chmod 600 " + path.string()};
  }
  if (regular && opened.info.st_uid != ::geteuid() && opened.info.st_uid != 0) {
    return Error{.code = Errc::io,
                 .message = "`" + path.string() + "` holds a secret and belongs to another user"};
  }
  return read_secret_fd(fd.get(), path.string(), limit);
}

Result<void> put_in_place(const std::string& temporary, const std::filesystem::path& path,
                          Overwrite overwrite) {
  const bool placed = overwrite == Overwrite::yes ? ::rename(temporary.c_str(), path.c_str()) == 0
                                                  : ::link(temporary.c_str(), path.c_str()) == 0;
  const int error = errno;
  if (!placed || overwrite == Overwrite::no) ::unlink(temporary.c_str());
  if (placed) return sync_directory(path);
  if (overwrite == Overwrite::yes || error != EEXIST) return cannot("create", path, error);
  return Error{.code = Errc::exists, .message = "`" + path.string() + "` exists already"};
}

Result<void> write_file(const std::filesystem::path& path, BytesView content, Overwrite overwrite,
                        mode_t mode) {
  std::string temporary = path.string() + std::string(kTemporaryMark) + "XXXXXX";
  const Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (fd.get() < 0) return cannot("create", path, errno);
  const auto fail = [&](std::string_view verb) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return cannot(verb, path, error);
  };
  if (::fchmod(fd.get(), mode) != 0) return fail("set the mode of");
  if (!write_fully(fd.get(), content) || ::fsync(fd.get()) != 0) return fail("write");
  return put_in_place(temporary, path, overwrite);
}

}  // namespace mcpauth
