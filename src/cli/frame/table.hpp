#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/codec/style.hpp"

namespace mcpauth::cli {

/// Text that is safe to print, and its style on a terminal.
struct Cell {
  std::string text = {};
  text::Style style = text::Style::plain;
};

/// Rows of text in columns. Each column is as wide as its widest cell. Rows begin with two blanks,
/// columns have two blanks between them, and no row ends in blanks. A column without any text is
/// left out.
class Table {
 public:
  enum class Align : std::uint8_t { left, right };

  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  /// A row has at most as many cells as the table has columns.
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }

  /// All rows, a line each.
  std::string text(bool color) const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace mcpauth::cli
