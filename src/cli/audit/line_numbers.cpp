#include "cli/audit/line_numbers.hpp"

#include <algorithm>
#include <array>

#include "core/audit/query/log_file.hpp"

namespace mcpauth::cli {

std::size_t LineNumbers::number(const std::filesystem::path& file, std::uint64_t offset) {
  if (file != file_ || offset < offset_) {
    file_ = file;
    offset_ = 0;
    number_ = 1;
  }
  const auto opened = audit::query::LogFile::open(file);
  std::array<char, 65'536> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): read into
  while (opened && offset_ < offset) {
    const auto want = std::min<std::uint64_t>(bytes.size(), offset - offset_);
    const auto got = opened->read(bytes.data(), static_cast<std::size_t>(want), offset_);
    if (!got || *got == 0) break;
    const auto* const end = bytes.data() + *got;
    number_ += static_cast<std::size_t>(std::count(std::as_const(bytes).data(), end, '\n'));
    offset_ += *got;
  }
  return number_;
}

}  // namespace mcpauth::cli
