#include "core/audit/log/line_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/audit/log/line.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::size_t kLongest = 2 * kMaxLine;  // bytes of one line that are kept, at most

}  // namespace

LineReader::LineReader(int fd, std::filesystem::path path, std::uint64_t from, std::uint64_t to,
                       std::size_t chunk)
    : fd_(fd),
      path_(std::move(path)),
      buffer_(chunk, '\0'),
      chunk_(chunk),
      read_at_(from),
      to_(to),
      line_start_(from) {}

LineReader::LineReader(LineReader&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      buffer_(std::move(other.buffer_)),
      chunk_(other.chunk_),
      begin_(other.begin_),
      end_(other.end_),
      read_at_(other.read_at_),
      to_(other.to_),
      line_start_(other.line_start_),
      rest_(other.rest_),
      error_(other.error_) {}

LineReader::~LineReader() {
  if (fd_ >= 0) ::close(fd_);
}

Result<LineReader> LineReader::open(const std::filesystem::path& path, std::uint64_t from,
                                    std::uint64_t to, std::size_t chunk) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return unreadable(path, errno);
  return LineReader(fd, path, from, to, chunk);
}

Result<LineReader> LineReader::open(const Segment& segment, std::uint64_t from, std::size_t chunk) {
  if (!segment.file) return open(segment.path, from, segment.bytes, chunk);
  const int fd = ::fcntl(segment.file->fd(), F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return unreadable(segment.path, errno);
  return LineReader(fd, segment.path, from, segment.bytes, chunk);
}

/// Reads more bytes after those in the buffer; false at the end.
bool LineReader::fill() {
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size() && buffer_.size() < kLongest) buffer_.resize(buffer_.size() + chunk_);
  const auto want = std::min<std::uint64_t>(buffer_.size() - end_, to_ - std::min(to_, read_at_));
  if (want == 0) return false;
  ssize_t got = 0;
  do {
    got = ::pread(fd_, buffer_.data() + end_, want, static_cast<off_t>(read_at_));
  } while (got < 0 && errno == EINTR);
  if (got < 0) error_ = errno;
  if (got <= 0) return false;
  end_ += static_cast<std::size_t>(got);
  read_at_ += static_cast<std::uint64_t>(got);
  return true;
}

std::optional<std::string_view> LineReader::next() {
  std::size_t looked = 0;
  while (true) {
    const auto seen = std::string_view(buffer_).substr(begin_, end_ - begin_);
    const std::size_t newline = seen.find('\n', looked);
    if (newline != std::string_view::npos) {
      line_start_ = read_at_ - seen.size();
      begin_ += newline + 1;
      return seen.substr(0, std::min(newline, kMaxLine + 1));
    }
    looked = seen.size();
    if (fill()) continue;
    if (end_ - begin_ < buffer_.size()) break;
    return next_long();
  }
  if (rest_ == 0) {
    line_start_ = read_at_ - (end_ - begin_);
    rest_ = end_ - begin_;
  }
  return std::nullopt;
}

/// The line that fills the whole buffer. Its start is enough to see that it is not a record, so the
/// rest is skipped.
std::optional<std::string_view> LineReader::next_long() {
  line_start_ = read_at_ - (end_ - begin_);
  long_line_ = buffer_.substr(begin_, kMaxLine + 1);
  while (true) {
    begin_ = end_ = 0;
    if (!fill()) break;
    const std::size_t newline = std::string_view(buffer_).substr(0, end_).find('\n');
    if (newline == std::string_view::npos) continue;
    begin_ = newline + 1;
    return long_line_;
  }
  rest_ = read_at_ - line_start_;
  return std::nullopt;
}

void LineReader::seek(std::uint64_t from) {
  begin_ = end_ = 0;
  read_at_ = line_start_ = from;
  rest_ = 0;
}

Result<void> LineReader::status() const {
  if (error_ == 0) return {};
  return unreadable(path_, error_);
}

}  // namespace mcpauth::audit
