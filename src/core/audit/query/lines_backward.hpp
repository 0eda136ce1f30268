#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/audit/query/log_file.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// The complete lines of a file, from its end to its start, in bounded memory.
class LinesBackward {
 public:
  /// Starts before byte `to`. What comes after the last newline there is left out.
  static Result<LinesBackward> open(LogFile file, std::uint64_t to);

  /// The previous line without its newline; nothing at the start of the file. The view is valid
  /// until the next call. A line longer than audit::kMaxLine is cut to kMaxLine + 1 bytes, which
  /// are not a record.
  Result<std::optional<std::string_view>> next();
  /// Where the line that `next` returned last starts; at first, where the complete lines end.
  std::uint64_t offset() const { return end_; }

 private:
  LinesBackward(LogFile file, std::uint64_t at) : file_(std::move(file)), at_(at), end_(at) {}
  Result<void> fill(std::size_t keep);
  std::optional<std::uint64_t> newline_before(std::uint64_t end) const;

  LogFile file_;
  std::string buffer_;
  std::uint64_t at_;   ///< in the file: the start of buffer_
  std::uint64_t end_;  ///< in the file: after the newline of the line to return next
};

}  // namespace mcpauth::audit::query
