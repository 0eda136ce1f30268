#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/audit/query/log_file.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// A file that others append to, by its whole lines.
class GrowingFile {
 public:
  /// From byte `from`, which starts a line.
  GrowingFile(LogFile file, std::uint64_t from)
      : file_(std::move(file)), read_at_(from), line_start_(from) {}

  /// The next whole line without its newline, good until the next call; nothing at the end as it is
  /// now, where asking again gives what came since. Of a line over audit::kMaxLine only the first
  /// kMaxLine + 1 bytes come, which are no record.
  Result<std::optional<std::string_view>> next();
  /// Whether the lines that were given are no longer there: the file is shorter, or no line ends
  /// where the last one ended. A writer that takes back a half line is none of this.
  bool was_truncated() const;
  /// Reads it again from its first byte.
  void start_over();

  /// Where the line that `next` gave last starts.
  std::uint64_t offset() const { return line_start_; }
  /// After the end: what stands behind the last newline, and where.
  std::string_view unfinished() const;
  std::uint64_t unfinished_offset() const { return in_long_line_ ? line_start_ : given_to(); }
  const LogFile& file() const { return file_; }

 private:
  Result<bool> fill();
  std::uint64_t given_to() const { return read_at_ - (buffer_.size() - begin_); }
  void drop_the_rest_of_a_long_line();

  LogFile file_;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< in buffer_: what was not given yet
  std::uint64_t read_at_;  ///< in the file: the end of buffer_
  std::uint64_t line_start_;
  bool at_end_ = false;        ///< the last look at the file found nothing more
  bool in_long_line_ = false;  ///< of which no more than its start is kept
};

}  // namespace mcpauth::audit::query
