#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::token {

/// Some whole lines of a stream, without their line ends.
struct LineChunk {
  std::uint64_t number = 0;      ///< of the chunk, from 0
  std::uint64_t first_line = 1;  ///< of its first line in the stream, from 1
  std::string text;              ///< what `lines` points into
  std::vector<std::string_view> lines;
};

/// Cuts a stream into chunks of whole lines. A line longer than `max_line` is cut to max_line + 1
/// bytes, so that the reader sees that it is too long.
class LineReader {
 public:
  using Read = std::function<Result<std::size_t>(std::span<char>)>;

  LineReader(Read read, std::size_t max_line) : read_(std::move(read)), max_line_(max_line) {}

  /// Puts the next lines into `chunk`; false at the end. Reads only until it has a whole line.
  Result<bool> next(LineChunk& chunk);

 private:
  Result<bool> read_some(std::string& text);
  void keep_rest(std::string& text, std::size_t end);

  Read read_;
  std::size_t max_line_;
  std::string rest_;       ///< the start of a line whose end has not come
  bool dropping_ = false;  ///< inside a line that is too long
  bool ended_ = false;
  std::uint64_t chunks_ = 0;
  std::uint64_t lines_ = 0;
};

}  // namespace mcpauth::token
