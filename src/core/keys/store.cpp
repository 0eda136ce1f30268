#include "core/keys/store.hpp"

#include <dirent.h>
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

#include "core/base/file.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/keys/index.hpp"

namespace mcpauth::keys::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndex = "ring.json";
constexpr std::string_view kLock = "ring.lock";
constexpr std::string_view kPem = ".pem";
constexpr std::size_t kThumbprint = 43;  // characters of a SHA-256 in base64url
constexpr std::size_t kMaxPem = std::size_t{64} * 1024;

Error cannot(std::string_view verb, const fs::path& path, int error) {
  const bool missing = error == ENOENT || error == ENOTDIR;
  return {.code = missing ? Errc::not_found : Errc::io,
          .message = text::format("cannot {} `{}`: {}", verb, path.string(), std::strerror(error))};
}

Error held(const fs::path& path) {
  return {
      .code = Errc::io,
      .message = text::format("another process holds the lock `{}` of the key ring; nothing was "
                              "changed",
                              path.string()),
      .hint = text::format("`fuser -v {}` names the process: wait for it or stop it (removing the "
                           "file does not help)",
                           path.string())};
}

/// Owner and mode of something in the ring, or of its directory.
Result<void> check_owned(const fs::path& path, const struct stat& info, std::string_view mode) {
  if (info.st_uid != ::geteuid() && info.st_uid != 0) {
    return Error{.code = Errc::io,
                 .message = text::format("`{}` is part of a key ring and belongs to another user",
                                         path.string()),
                 .hint = "run as its owner"};
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{.code = Errc::io,
                 .message = text::format(
                     "`{}` is part of a key ring and others can read or change it", path.string()),
                 .hint = text::format("chmod {} {}", mode, path.string())};
  }
  return {};
}

Result<void> check_file(const fs::path& path, const struct stat& info) {
  if (!S_ISREG(info.st_mode)) {
    return Error{.code = Errc::io,
                 .message = text::format("`{}` is not a regular file", path.string()),
                 .hint = "a key ring must contain its files; links are not followed"};
  }
  return check_owned(path, info, "600");
}

Result<Secret> read(const fs::path& path, std::size_t limit) {
  // O_NONBLOCK: a FIFO put in the place of a file must not hang us before it is refused.
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 && errno == ELOOP) {
    return Error{.code = Errc::io,
                 .message = text::format("`{}` is a symbolic link", path.string()),
                 .hint = "a key ring must contain its files; links are not followed"};
  }
  if (fd < 0) return cannot("open", path, errno);
  struct stat info{};
  Result<void> fine;
  if (::fstat(fd, &info) != 0) {
    fine = cannot("stat", path, errno);
  } else {
    fine = check_file(path, info);
  }
  Result<Secret> content = fine ? read_secret_fd(fd, path.string(), limit) : fine.error();
  ::close(fd);
  return content;
}

bool is_thumbprint(std::string_view text) {
  return text.size() == kThumbprint && std::ranges::all_of(text, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || text::is_digit(c) ||
                  c == '-' || c == '_';
         });
}

/// "ring.json.tmp-xxxxxx". The holder of the lock writes none at this time, so a crash left it.
bool is_temporary_index(std::string_view name) {
  return name.starts_with(kIndex) && name.substr(kIndex.size()).starts_with(kTemporaryMark);
}

/// The kid of "KID.pem" and of its temporary "KID.pem.tmp-xxxxxx"; empty for all other names.
std::string_view kid_of(std::string_view name) {
  const auto kid = name.substr(0, kThumbprint);
  if (!is_thumbprint(kid)) return {};
  name.remove_prefix(kThumbprint);
  if (!name.starts_with(kPem)) return {};
  name.remove_prefix(kPem.size());
  return name.empty() || name.starts_with(kTemporaryMark) ? kid : std::string_view{};
}

bool has_private(std::string_view kid, const std::vector<Entry>& entries) {
  return std::ranges::any_of(entries, [&](const Entry& entry) {
    return entry.state != State::retired && entry.kid == kid;
  });
}

}  // namespace

fs::path index_path(const fs::path& directory) {
  return directory / kIndex;
}

fs::path private_path(const fs::path& directory, std::string_view kid) {
  return directory / (std::string(kid) + std::string(kPem));
}

Result<void> make_directory(const fs::path& directory) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return cannot("make the directory", directory, errno);
  }
  return check_directory(directory);
}

Result<void> check_directory(const fs::path& directory) {
  struct stat info{};
  if (::stat(directory.c_str(), &info) != 0) {
    auto error = cannot("open the key ring", directory, errno);
    if (error.code == Errc::not_found) error.hint = "mcpauth keygen --keys " + directory.string();
    return error;
  }
  if (!S_ISDIR(info.st_mode)) {
    return Error{.code = Errc::io,
                 .message = text::format("`{}` is not a directory", directory.string())};
  }
  return check_owned(directory, info, "700");
}

Result<Lock> Lock::take(const fs::path& directory, std::chrono::milliseconds lock_timeout) {
  const fs::path path = directory / kLock;
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return cannot("lock", path, errno);
  Lock lock(fd);
  const auto give_up = std::chrono::steady_clock::now() + lock_timeout;
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return cannot("lock", path, errno);
    if (std::chrono::steady_clock::now() >= give_up) return held(path);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return lock;
}

Lock::~Lock() {
  if (fd_ >= 0) ::close(fd_);
}

bool has_index(const fs::path& directory) {
  struct stat info{};
  return ::lstat(index_path(directory).c_str(), &info) == 0;
}

Result<std::vector<Entry>> read_index(const fs::path& directory) {
  const fs::path path = index_path(directory);
  auto content = read(path, kMaxRingBytes);
  if (!content && content.error().code == Errc::not_found) {
    return Error{.code = Errc::not_found,
                 .message = text::format("there is no key ring in `{}`", directory.string()),
                 .hint = "mcpauth keygen --keys " + directory.string()};
  }
  if (!content) return std::move(content).error();
  auto entries = parse_index(content->reveal_text());
  if (!entries) return std::move(entries).error().context(text::quoted(path.string()));
  return entries;
}

Result<void> put_index(const fs::path& directory, const std::vector<Entry>& entries) {
  return write_file(index_path(directory), bytes_of(write_index(entries)), Overwrite::yes);
}

Result<Secret> read_private(const fs::path& directory, std::string_view kid) {
  return read(private_path(directory, kid), kMaxPem);
}

Result<void> put_private(const fs::path& directory, std::string_view kid, const Secret& pem) {
  return write_file(private_path(directory, kid), pem.reveal(), Overwrite::yes);
}

Result<void> check_private(const fs::path& directory, std::string_view kid) {
  const fs::path path = private_path(directory, kid);
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return {};
    return cannot("stat", path, errno);
  }
  return check_file(path, info);
}

Result<std::vector<std::string>> leftovers(const fs::path& directory,
                                           const std::vector<Entry>& entries) {
  std::vector<std::string> names;
  DIR* const open = ::opendir(directory.c_str());
  if (open == nullptr) return cannot("list", directory, errno);
  while (const dirent* const found = ::readdir(open)) {
    const std::string_view name = found->d_name;
    const auto kid = kid_of(name);
    const bool needless = !kid.empty() && !has_private(kid, entries);
    if (needless || is_temporary_index(name)) names.emplace_back(name);
  }
  ::closedir(open);
  std::ranges::sort(names);
  return names;
}

Result<void> remove(const fs::path& directory, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  for (const std::string& name : names) {
    const fs::path path = directory / name;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return cannot("remove", path, errno);
  }
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return cannot("sync", directory, errno);
  const bool synced = ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  if (!synced) return cannot("sync", directory, error);
  return {};
}

}  // namespace mcpauth::keys::store
