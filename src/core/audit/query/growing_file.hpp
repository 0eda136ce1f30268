#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/audit/query/log_file.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// Reads the complete lines of a file that another process appends to.
class GrowingFile {
 public:
  /// Starts at byte `from`, which must start a line.
  GrowingFile(LogFile file, std::uint64_t from)
      : file_(std::move(file)), read_at_(from), line_start_(from) {}

  /// The next complete line without its newline. Nothing at the end; a later call returns what was
  /// appended since. The view is valid until the next call. A line longer than audit::kMaxLine is
  /// cut to kMaxLine + 1 bytes, which are not a record.
  Result<std::optional<std::string_view>> next();
  /// Whether lines that were returned are no longer there: the file is shorter, or no line ends
  /// where the last one ended. Not if a writer only removed an incomplete last line.
  bool was_truncated() const;
  /// Reads it again from its first byte.
  void start_over();

  /// Where the line that `next` returned last starts.
  std::uint64_t offset() const { return line_start_; }
  /// At the end: what comes after the last newline, and where it starts.
  std::string_view unfinished() const;
  std::uint64_t unfinished_offset() const { return in_long_line_ ? line_start_ : returned_to(); }
  const LogFile& file() const { return file_; }

 private:
  Result<bool> fill();
  std::uint64_t returned_to() const { return read_at_ - (buffer_.size() - begin_); }
  void drop_the_rest_of_a_long_line();

  LogFile file_;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< in buffer_: the first byte that was not returned yet
  std::uint64_t read_at_;  ///< in the file: the end of buffer_
  std::uint64_t line_start_;
  bool at_end_ = false;        ///< the last read found nothing more
  bool in_long_line_ = false;  ///< in a line of which only the start is kept
};

}  // namespace mcpauth::audit::query
