#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace mcpauth::cli {

/// Numbers of lines that are known by their place. Goes on where it counted last, so that asking
/// for every line of a file reads it once.
class LineNumbers {
 public:
  /// The number, from 1, of the line that starts at this byte.
  std::size_t number(const std::filesystem::path& file, std::uint64_t offset);

 private:
  std::filesystem::path file_;
  std::uint64_t offset_ = 0;
  std::size_t number_ = 1;
};

}  // namespace mcpauth::cli
