#include "core/audit/query/lines_backward.hpp"

#include <algorithm>
#include <cstring>

#include "core/audit/log/line.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::audit::query {
namespace {

constexpr std::size_t kBlockSize = std::size_t{1} << 18;  // bytes read at once

}  // namespace

Result<LinesBackward> LinesBackward::open(LogFile file, std::uint64_t to) {
  LinesBackward lines(std::move(file), to);
  auto newline = lines.newline_before(to);
  while (!newline && lines.at_ > 0) {
    TRY_VOID(lines.fill(0));
    newline = lines.newline_before(to);
  }
  lines.end_ = newline ? *newline + 1 : 0;
  return lines;
}

/// Reads the bytes before the buffer, and keeps the first `keep` bytes of the buffer.
Result<void> LinesBackward::fill(std::size_t keep) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(kBlockSize, at_));
  std::string bytes(size, '\0');
  for (std::size_t had = 0; had < size;) {
    TRY(const auto got, file_.read(bytes.data() + had, size - had, at_ - size + had));
    if (got == 0) {
      return Error{
          .code = Errc::io,
          .message = text::format("`{}` was cut off while it was read", file_.path().string())};
    }
    had += got;
  }
  bytes.append(buffer_, 0, keep);
  buffer_ = std::move(bytes);
  at_ -= size;
  return {};
}

/// The last newline in the buffer before byte `end` of the file.
std::optional<std::uint64_t> LinesBackward::newline_before(std::uint64_t end) const {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(end - at_, buffer_.size()));
  const void* const found = ::memrchr(buffer_.data(), '\n', size);
  if (found == nullptr) return std::nullopt;
  return at_ + static_cast<std::uint64_t>(static_cast<const char*>(found) - buffer_.data());
}

Result<std::optional<std::string_view>> LinesBackward::next() {
  if (end_ == 0) return std::optional<std::string_view>();
  const std::uint64_t last = end_ - 1;  // the newline of this line
  auto newline = newline_before(std::max(last, at_));
  while (!newline && at_ > 0) {
    // Keep at most the length of the longest valid line. Of a longer line only its start is needed,
    // which comes last when reading backward.
    const auto here = last - std::min(at_, last);
    TRY_VOID(fill(static_cast<std::size_t>(std::min<std::uint64_t>(here, audit::kMaxLine + 1))));
    newline = newline_before(last);
  }
  end_ = newline ? *newline + 1 : 0;
  const auto size = std::min<std::uint64_t>(last - end_, audit::kMaxLine + 1);
  return std::optional(std::string_view(buffer_).substr(static_cast<std::size_t>(end_ - at_),
                                                        static_cast<std::size_t>(size)));
}

}  // namespace mcpauth::audit::query
