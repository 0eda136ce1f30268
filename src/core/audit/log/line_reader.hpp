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

/// Reads the lines of a file in order, in bounded memory.
class LineReader {
 public:
  /// Reads from byte `from`, which must start a line, up to byte `to`, and `chunk` bytes at a time.
  /// With `to` set, what a live file gains meanwhile is ignored.
  static Result<LineReader> open(const std::filesystem::path& path, std::uint64_t from = 0,
                                 std::uint64_t to = std::numeric_limits<std::uint64_t>::max(),
                                 std::size_t chunk = std::size_t{1} << 18);

  /// The same for a segment, up to the size it had when it was listed. It may have been renamed.
  static Result<LineReader> open(const Segment& segment, std::uint64_t from = 0,
                                 std::size_t chunk = std::size_t{1} << 18);

  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;
  ~LineReader();

  /// The next complete line without its newline; nothing at the end. The view is valid until the
  /// next call. A line longer than kMaxLine is cut to kMaxLine + 1 bytes, which are not a record.
  std::optional<std::string_view> next();
  /// Continues at byte `from`.
  void seek(std::uint64_t from);
  /// Where the line that `next` returned last starts; at the end, where the rest starts.
  std::uint64_t offset() const { return line_start_; }
  /// At the end: how many bytes follow the last newline, which is the size of a torn line.
  std::uint64_t rest() const { return rest_; }
  /// The error if reading failed; `next` then returned nothing, as at the end.
  Result<void> status() const;

 private:
  LineReader(int fd, std::filesystem::path path, std::uint64_t from, std::uint64_t to,
             std::size_t chunk);
  bool fill();
  std::optional<std::string_view> next_long();

  int fd_;
  std::filesystem::path path_;
  std::string buffer_;
  std::string long_line_;  ///< the start of a line that was longer than the buffer
  std::size_t chunk_;
  std::size_t begin_ = 0;  ///< in buffer_: the first byte that was not returned yet
  std::size_t end_ = 0;
  std::uint64_t read_at_;  ///< in the file: the end of buffer_
  std::uint64_t to_;
  std::uint64_t line_start_;
  std::uint64_t rest_ = 0;
  int error_ = 0;
};

}  // namespace mcpauth::audit
