#include "cli/frame/table.hpp"

#include <algorithm>

namespace mcpauth::cli {
namespace {

std::string blanks(std::size_t count) {
  return std::string(count, ' ');
}

}  // namespace

std::string Table::text(bool color) const {
  std::vector<std::size_t> widths(columns_.size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], text::width_of(row[i].text));
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string padding;  // written only before text, so that no row ends in blanks
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths[i] == 0) continue;
      const std::string missing = blanks(widths[i] - text::width_of(row[i].text));
      padding += "  ";
      if (columns_[i] == Align::right) padding += missing;
      if (!row[i].text.empty()) {
        out += padding;
        out += text::styled(row[i].text, row[i].style, color);
        padding.clear();
      }
      if (columns_[i] == Align::left) padding += missing;
    }
    out += '\n';
  }
  return out;
}

}  // namespace mcpauth::cli
