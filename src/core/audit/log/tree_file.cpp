#include "core/audit/log/tree_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/codec/format.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::uint64_t kHashBytes = 32;

/// How many nodes come before leaf `leaves`: the leaves and their ancestors, n + n/2 + n/4 + ...
std::uint64_t nodes_of(std::uint64_t leaves) {
  return 2 * leaves - static_cast<std::uint64_t>(std::popcount(leaves));
}

/// The largest number of leaves whose nodes are all among the first `nodes`.
std::uint64_t leaves_in(std::uint64_t nodes) {
  std::uint64_t low = 0;
  std::uint64_t high = nodes + 1;
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (nodes_of(middle) <= nodes ? low : high) = middle;
  }
  return low;
}

}  // namespace

std::uint64_t node_position(unsigned level, std::uint64_t index) {
  const std::uint64_t last_leaf = ((index + 1) << level) - 1;
  return nodes_of(last_leaf) + level;
}

Result<TreeFile> TreeFile::open(const std::filesystem::path& path, For purpose) {
  const int flags = purpose == For::writing ? O_RDWR | O_CREAT : O_RDONLY;
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0600);
  TreeFile file(fd, path);
  if (fd < 0) return file.failure("open");
  struct stat info{};
  if (::fstat(fd, &info) != 0) return file.failure("stat");
  if (!S_ISREG(info.st_mode) || (purpose == For::writing && info.st_nlink > 1)) {
    return Error{
        .code = Errc::io,
        .message = text::format("`{}` is not a regular file with a single name", path.string())};
  }
  file.leaves_ = leaves_in(static_cast<std::uint64_t>(info.st_size) / kHashBytes);
  file.flushed_ = nodes_of(file.leaves_);
  return file;
}

TreeFile::TreeFile(TreeFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      leaves_(other.leaves_),
      flushed_(other.flushed_),
      pending_(std::move(other.pending_)) {}

TreeFile& TreeFile::operator=(TreeFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  path_ = std::move(other.path_);
  leaves_ = other.leaves_;
  flushed_ = other.flushed_;
  pending_ = std::move(other.pending_);
  return *this;
}

TreeFile::~TreeFile() {
  if (fd_ >= 0) ::close(fd_);
}

Error TreeFile::failure(std::string_view doing) const {
  return Error{
      .code = errno == ENOENT ? Errc::not_found : Errc::io,
      .message = text::format("cannot {} `{}`: {}", doing, path_.string(), std::strerror(errno))};
}

Result<Hash> TreeFile::node(unsigned level, std::uint64_t index) const {
  const std::uint64_t position = node_position(level, index);
  Hash hash{};
  if (position >= flushed_) {
    const std::uint64_t at = (position - flushed_) * kHashBytes;
    if (at + kHashBytes > pending_.size()) {
      return Error{.code = Errc::not_found,
                   .message = text::format("`{}` is too short", path_.string())};
    }
    std::memcpy(hash.data(), pending_.data() + at, kHashBytes);
    return hash;
  }
  const ssize_t got =
      ::pread(fd_, hash.data(), kHashBytes, static_cast<off_t>(position * kHashBytes));
  if (got != static_cast<ssize_t>(kHashBytes)) return failure("read");
  return hash;
}

Result<std::vector<Hash>> TreeFile::leaf_hashes(std::uint64_t from, std::uint64_t to) const {
  std::vector<Hash> hashes;
  if (from >= to) return hashes;
  const std::uint64_t first = node_position(0, from);
  const std::uint64_t last = node_position(0, to - 1);
  std::string bytes((last - first + 1) * kHashBytes, '\0');
  const ssize_t got =
      ::pread(fd_, bytes.data(), bytes.size(), static_cast<off_t>(first * kHashBytes));
  if (got != static_cast<ssize_t>(bytes.size())) return failure("read");
  for (std::uint64_t leaf = from; leaf < to; ++leaf) {
    Hash hash{};
    std::memcpy(hash.data(), bytes.data() + (node_position(0, leaf) - first) * kHashBytes,
                kHashBytes);
    hashes.push_back(hash);
  }
  return hashes;
}

Result<CompactRange> TreeFile::range(std::uint64_t size) const {
  CompactRange range;
  TreeHasher hasher;
  for (Node& node : range_nodes(size)) {
    TRY(node.hash, this->node(node.level, node.index));
    range.append(node, hasher);
  }
  return range;
}

void TreeFile::put(const Node& node) {
  pending_.append(text_of(node.hash));
  if (node.level == 0) ++leaves_;
}

Result<void> TreeFile::cut(std::uint64_t leaves) {
  pending_.clear();
  leaves_ = leaves;
  flushed_ = nodes_of(leaves);
  if (::ftruncate(fd_, static_cast<off_t>(flushed_ * kHashBytes)) != 0) return failure("shorten");
  return {};
}

Result<void> TreeFile::flush() {
  std::string_view rest = pending_;
  auto at = static_cast<off_t>(flushed_ * kHashBytes);
  while (!rest.empty()) {
    const ssize_t put = ::pwrite(fd_, rest.data(), rest.size(), at);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failure("write");
    rest.remove_prefix(static_cast<std::size_t>(put));
    at += put;
  }
  if (::fdatasync(fd_) != 0) return failure("sync");
  flushed_ += pending_.size() / kHashBytes;
  pending_.clear();
  return {};
}

}  // namespace mcpauth::audit
