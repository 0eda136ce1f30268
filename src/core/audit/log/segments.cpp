#include "core/audit/log/segments.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>

#include "core/audit/log/line.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSeqDigits = 12;
constexpr std::size_t kMaxBeside = std::size_t{1} << 16;

/// Enough for `{"seq":18446744073709551615,`.
std::optional<std::uint64_t> first_seq_of(int fd) {
  std::array<char, 64> start{};
  const ssize_t got = ::pread(fd, start.data(), start.size(), 0);
  if (got <= 0) return std::nullopt;
  return seq_of({start.data(), static_cast<std::size_t>(got)});
}

Result<Segment> look_at(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return unreadable(path, errno);
  auto file = std::make_shared<const OpenFile>(fd);
  struct stat info{};
  if (::fstat(fd, &info) != 0) return unreadable(path, errno);
  if (!S_ISREG(info.st_mode)) {
    return Error{.code = Errc::io,
                 .message = text::format("`{}` is not a regular file", path.string())};
  }
  return Segment{.path = path,
                 .first_seq = first_seq_of(fd),
                 .bytes = static_cast<std::uint64_t>(info.st_size),
                 .inode = info.st_ino,
                 .file = std::move(file)};
}

/// Keeps only the newest files open: those that a live log may still rename.
void close_old(std::vector<Segment>& segments) {
  constexpr std::size_t kKept = 64;
  for (std::size_t i = 0; i + kKept < segments.size(); ++i)
    segments[i].file.reset();
}

/// The `seq` in the name of a segment that mcpauth closed.
std::optional<std::uint64_t> seq_in_name(std::string_view rest) {
  if (rest.size() < kSeqDigits + 1 || rest.front() != '.') return std::nullopt;
  std::uint64_t seq = 0;
  for (const char c : rest.substr(1)) {
    if (!text::is_digit(c)) return std::nullopt;
    seq = seq * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return seq;
}

/// What segments are sorted by: the first `seq`. Without a readable first line it is the one in the
/// name; without that the segment comes last.
std::uint64_t place_of(const Segment& segment, std::string_view active_name) {
  if (segment.first_seq) return *segment.first_seq;
  const std::string name = segment.path.filename().string();
  if (name.starts_with(active_name)) {
    if (const auto seq = seq_in_name(std::string_view(name).substr(active_name.size()))) {
      return *seq;
    }
  }
  return std::numeric_limits<std::uint64_t>::max();
}

void sort(std::vector<Segment>& segments, const fs::path& active) {
  const std::string name = active.filename().string();
  std::ranges::sort(segments, {}, [&](const Segment& segment) {
    return std::tuple(place_of(segment, name), segment.path == active, segment.path.string());
  });
}

}  // namespace

OpenFile::~OpenFile() {
  ::close(fd_);
}

bool is_rotated_name(std::string_view rest) {
  if (rest.size() < 2 || (rest.front() != '.' && rest.front() != '-')) return false;
  if (!text::is_digit(rest[1])) return false;
  return rest.find_first_not_of("0123456789-_.:TZ", 1) == std::string_view::npos;
}

fs::path closed_name(const fs::path& file, std::uint64_t first_seq) {
  return text::format("{}.{:0{}}", file.string(), first_seq, kSeqDigits);
}

fs::path beside(const fs::path& file, std::string_view what) {
  return text::format("{}.{}", file.string(), what);
}

Error unreadable(const fs::path& path, int error) {
  return Error{
      .code = error == ENOENT ? Errc::not_found : Errc::io,
      .message = text::format("cannot read `{}`: {}", path.string(), std::strerror(error))};
}

Result<std::string> read_beside(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return unreadable(path, errno);
  struct stat info{};
  std::string text(kMaxBeside + 1, '\0');
  const bool regular = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  const ssize_t got = regular ? ::pread(fd, text.data(), text.size(), 0) : -1;
  const int error = regular ? errno : EINVAL;
  ::close(fd);
  if (got < 0) return unreadable(path, error);
  if (static_cast<std::size_t>(got) > kMaxBeside) {
    return Error{.code = Errc::input,
                 .message = text::format("`{}` is over 64 KiB", path.string())};
  }
  text.resize(static_cast<std::size_t>(got));
  return text;
}

Result<std::vector<Segment>> find_segments(const fs::path& file) {
  std::vector<Segment> segments;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string name = file.filename().string();
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string other = entry->path().filename().string();
    if (!other.starts_with(name)) continue;
    const auto rest = std::string_view(other).substr(name.size());
    const bool active = rest.empty();
    if (!active && !is_rotated_name(rest)) continue;
    std::error_code ignored;
    if (!active && !entry->is_regular_file(ignored)) continue;
    auto looked = look_at(active ? file : folder / other);
    if (!looked && looked.error().code == Errc::not_found) continue;  // renamed just now
    TRY(auto segment, std::move(looked));
    if (segments.size() % 256 == 255) close_old(segments);
    if (active || segment.first_seq || seq_in_name(rest)) segments.push_back(std::move(segment));
  }
  if (error) {
    Error listing = unreadable(folder, error.value());
    listing.code = Errc::io;
    return listing;
  }
  sort(segments, file);
  close_old(segments);
  return segments;
}

Result<std::vector<Segment>> find_live_segments(const fs::path& file) {
  constexpr int kTries = 20;
  TRY(auto segments, find_segments(file));
  for (int i = 0; i < kTries; ++i) {
    TRY(auto again, find_segments(file));
    const auto same = [](const Segment& a, const Segment& b) {
      return a.path == b.path && a.inode == b.inode && a.first_seq == b.first_seq;
    };
    const bool stable = std::ranges::equal(segments, again, same);
    // The earlier listing is the one that the second confirmed.
    if (stable) return segments;
    segments = std::move(again);
  }
  return segments;
}

Result<std::vector<Segment>> segments_of(std::span<const fs::path> files) {
  std::vector<Segment> segments;
  for (const auto& file : files) {
    TRY(auto segment, look_at(file));
    segments.push_back(std::move(segment));
  }
  sort(segments, {});
  return segments;
}

}  // namespace mcpauth::audit
