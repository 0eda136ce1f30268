#include "core/token/lines.hpp"

#include <algorithm>

namespace mcpauth::token {
namespace {

/// About 150 tokens: enough that passing chunks around costs nothing, and few enough that threads
/// finish at about the same time.
constexpr std::size_t kReadBytes = 64 * 1024;

void cut_into_lines(LineChunk& chunk, std::size_t end) {
  chunk.lines.clear();
  const std::string_view text(chunk.text);
  std::size_t start = 0;
  while (start < end) {
    const std::size_t newline = std::min(text.find('\n', start), end);
    std::string_view line = text.substr(start, newline - start);
    if (line.ends_with('\r')) line.remove_suffix(1);
    chunk.lines.push_back(line);
    start = newline + 1;
  }
}

}  // namespace

/// Appends what is available. Inside a line that is too long, drops everything up to its end.
Result<bool> LineReader::read_some(std::string& text) {
  const std::size_t used = text.size();
  text.resize(used + kReadBytes);
  auto got = read_(std::span(text).subspan(used));
  if (!got) return std::move(got).error();
  text.resize(used + *got);
  if (*got == 0) return false;
  if (dropping_) {
    const std::size_t newline = text.find('\n', used);
    dropping_ = newline == std::string::npos;
    text.erase(used, dropping_ ? std::string::npos : newline - used);
  }
  if (text.size() > max_line_ && text.find('\n') == std::string::npos) {
    dropping_ = true;
    text.resize(max_line_ + 1);
  }
  return true;
}

void LineReader::keep_rest(std::string& text, std::size_t end) {
  rest_.assign(text, end, std::string::npos);
  if (rest_.size() > max_line_) {
    dropping_ = true;
    rest_.resize(max_line_ + 1);
  }
}

Result<bool> LineReader::next(LineChunk& chunk) {
  chunk.text.swap(rest_);
  rest_.clear();
  std::size_t end = std::string::npos;
  while (!ended_ && end == std::string::npos) {
    TRY(const bool more, read_some(chunk.text));
    ended_ = !more;
    end = chunk.text.rfind('\n');
  }
  if (end == std::string::npos) {
    end = chunk.text.size();
  } else {
    ++end;
    keep_rest(chunk.text, end);
  }
  if (end == 0) return false;
  cut_into_lines(chunk, end);
  chunk.number = chunks_++;
  chunk.first_line = lines_ + 1;
  lines_ += chunk.lines.size();
  return true;
}

}  // namespace mcpauth::token
