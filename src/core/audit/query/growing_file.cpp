#include "core/audit/query/growing_file.hpp"

#include <algorithm>

#include "core/audit/log/line.hpp"

namespace mcpauth::audit::query {
namespace {

constexpr std::size_t kReadSize = std::size_t{1} << 16;  // bytes read at once

}  // namespace

/// Reads more bytes after those in the buffer; false at the end.
Result<bool> GrowingFile::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t had = buffer_.size();
  buffer_.resize(had + kReadSize);
  const auto got = file_.read(buffer_.data() + had, kReadSize, read_at_);
  buffer_.resize(had + (got ? *got : 0));
  if (!got) return got.error();
  read_at_ += *got;
  return *got != 0;
}

Result<std::optional<std::string_view>> GrowingFile::next() {
  if (at_end_ && !in_long_line_) {
    // The writer may have removed the incomplete last line and written another: read it again.
    read_at_ = returned_to();
    buffer_.clear();
    begin_ = 0;
  }
  at_end_ = false;
  std::size_t looked = 0;
  while (true) {
    const auto seen = std::string_view(buffer_).substr(begin_);
    const std::size_t newline = seen.find('\n', looked);
    if (newline != std::string_view::npos) {
      if (!in_long_line_) line_start_ = returned_to();
      in_long_line_ = false;
      begin_ += newline + 1;
      return std::optional(seen.substr(0, std::min(newline, audit::kMaxLine + 1)));
    }
    if (seen.size() > audit::kMaxLine) drop_the_rest_of_a_long_line();
    looked = buffer_.size() - begin_;
    at_end_ = looked == 0 && was_truncated();
    if (at_end_) return std::optional<std::string_view>();
    TRY(const bool more, fill());
    at_end_ = !more;
    if (at_end_) return std::optional<std::string_view>();
  }
}

/// The start of the line is enough to see that it is not a record, and bounds the memory.
void GrowingFile::drop_the_rest_of_a_long_line() {
  if (!in_long_line_) line_start_ = returned_to();
  in_long_line_ = true;
  buffer_.resize(begin_ + audit::kMaxLine + 1);
}

bool GrowingFile::was_truncated() const {
  const std::uint64_t end = in_long_line_ ? read_at_ : returned_to();
  if (end == 0) return false;
  if (file_.size() < end) return true;
  char before = '\n';
  return !in_long_line_ && file_.read(&before, 1, end - 1) && before != '\n';
}

void GrowingFile::start_over() {
  buffer_.clear();
  begin_ = 0;
  read_at_ = 0;
  line_start_ = 0;
  at_end_ = false;
  in_long_line_ = false;
}

std::string_view GrowingFile::unfinished() const {
  return std::string_view(buffer_).substr(begin_).substr(0, audit::kMaxLine + 1);
}

}  // namespace mcpauth::audit::query
