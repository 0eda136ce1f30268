#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace mcpauth::cli {

/// Finds the number of a line from its offset. Continues counting where it stopped, so that asking
/// for every line of a file in order reads the file once.
class LineNumbers {
 public:
  /// The number, from 1, of the line that starts at `offset`.
  std::size_t number(const std::filesystem::path& file, std::uint64_t offset);

 private:
  std::filesystem::path file_;
  std::uint64_t offset_ = 0;
  std::size_t number_ = 1;
};

}  // namespace mcpauth::cli
