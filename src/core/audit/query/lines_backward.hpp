#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/audit/query/log_file.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// The whole lines of a file from its end to its start, in memory that does not grow with it.
class LinesBackward {
 public:
  /// Those before byte `to`; what stands there behind the last newline is left out.
  static Result<LinesBackward> open(LogFile file, std::uint64_t to);

  /// The line before, without its newline, good until the next call; nothing at the start. Of a
  /// line over audit::kMaxLine only the first kMaxLine + 1 bytes come, which are no record.
  Result<std::optional<std::string_view>> next();
  /// Where the line that `next` gave last starts; before: where the whole lines end.
  std::uint64_t offset() const { return end_; }

 private:
  LinesBackward(LogFile file, std::uint64_t at) : file_(std::move(file)), at_(at), end_(at) {}
  Result<void> fill(std::size_t keep);
  std::optional<std::uint64_t> newline_before(std::uint64_t end) const;

  LogFile file_;
  std::string buffer_;
  std::uint64_t at_;   ///< in the file: the start of buffer_
  std::uint64_t end_;  ///< in the file: the end of the line to give next, behind its newline
};

}  // namespace mcpauth::audit::query
