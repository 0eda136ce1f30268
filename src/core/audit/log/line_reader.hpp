#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/audit/log/segments.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// Gives the lines of a file in order, in memory that does not grow with the file.
class LineReader {
 public:
  /// Reads from byte `from`, which starts a line, to byte `to` at most: what a live file gains
  /// meanwhile is not looked at. `chunk` is how much it reads at a time.
  static Result<LineReader> open(const std::filesystem::path& path, std::uint64_t from = 0,
                                 std::uint64_t to = std::numeric_limits<std::uint64_t>::max(),
                                 std::size_t chunk = std::size_t{1} << 18);

  /// The same of a segment as it was when it was looked at, renamed meanwhile or not.
  static Result<LineReader> open(const Segment& segment, std::uint64_t from = 0,
                                 std::size_t chunk = std::size_t{1} << 18);

  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;
  ~LineReader();

  /// The next whole line without its newline, good until the next call; nothing at the end. Of a
  /// line over kMaxLine only the first kMaxLine + 1 bytes come, which are no record.
  std::optional<std::string_view> next();
  /// Goes on at byte `from`.
  void seek(std::uint64_t from);
  /// Where the line that `next` gave last starts; after the end: where the rest does.
  std::uint64_t offset() const { return line_start_; }
  /// After the end: how many bytes follow the last newline. A torn line.
  std::uint64_t rest() const { return rest_; }
  /// Whether reading failed; then `next` said that the end was there.
  Result<void> status() const;

 private:
  LineReader(int fd, std::filesystem::path path, std::uint64_t from, std::uint64_t to,
             std::size_t chunk);
  bool fill();

  int fd_;
  std::filesystem::path path_;
  std::string buffer_;
  std::string long_line_;  ///< the start of a line that was longer than the buffer
  std::size_t chunk_;
  std::size_t begin_ = 0;  ///< in buffer_: the bytes read and not yet given
  std::size_t end_ = 0;
  std::uint64_t read_at_;  ///< in the file: the end of buffer_
  std::uint64_t to_;
  std::uint64_t line_start_;
  std::uint64_t rest_ = 0;
  int error_ = 0;
};

}  // namespace mcpauth::audit
