#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/audit/log/line.hpp"
#include "core/audit/log/seal_check.hpp"
#include "core/codec/style.hpp"

namespace mcpauth::cli {

/// How records are printed, one per line.
struct RecordFormat {
  enum class Kind { text, json, raw };
  Kind kind = Kind::text;
  /// The columns or members to print. Empty: the most useful columns, or all members.
  std::vector<audit::Field> fields = {};
};

/// Parses a list of fields such as "ts,decision,scope".
Result<std::vector<audit::Field>> parse_fields(std::string_view list);

/// Prints records one by one. Text has columns that grow with what was printed, and is escaped.
/// JSON is the record as it was written and signed, one object per line; only on a terminal,
/// invisible characters in it are escaped.
class RecordPrinter {
 public:
  RecordPrinter(RecordFormat format, Env& env) : format_(std::move(format)), env_(env) {}

  /// A mark is printed as the first column, or in JSON as the last member, `verify`.
  void print(const audit::LineView& record, std::optional<audit::Mark> mark = {});

 private:
  struct Cell {
    std::string text;  ///< escaped
    text::Style style = text::Style::plain;
    bool right = false;  ///< aligned to the right
  };
  static Cell cell_of(audit::Mark mark);
  static std::vector<Cell> usual_row(const audit::LineView& record);
  std::vector<Cell> row_of_fields(const audit::LineView& record) const;
  void print_row(const std::vector<Cell>& row, bool dim);

  RecordFormat format_;
  Env& env_;
  std::vector<std::size_t> widths_;
};

}  // namespace mcpauth::cli
