#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/audit/log/line.hpp"
#include "core/audit/log/seal_check.hpp"

namespace mcpauth::cli {

/// How records of the audit log are printed, one a line.
struct RecordFormat {
  enum class Kind { text, json, raw };
  Kind kind = Kind::text;
  /// The columns or members; empty: those that matter to a reader, or all.
  std::vector<audit::Field> fields = {};
};

/// The fields of a list such as "ts,decision,scope".
Result<std::vector<audit::Field>> parse_fields(std::string_view list);

/// Prints records as they come. Text is in columns that grow with what was printed, and nothing of
/// it reaches a terminal unescaped. JSON is the record as it was written: one object a line, the
/// bytes that were signed; on a terminal what cannot be seen is escaped in it too.
class RecordPrinter {
 public:
  RecordPrinter(RecordFormat format, Env& env) : format_(std::move(format)), env_(env) {}

  /// With a mark it has a first column, or in JSON a last member `verify`.
  void print(const audit::LineView& record, std::optional<audit::Mark> mark = {});

 private:
  struct Cell {
    std::string text;             ///< escaped
    std::string_view color = {};  ///< an SGR sequence
    bool right = false;           ///< aligned to
  };
  static Cell cell_of(audit::Mark mark);
  static std::vector<Cell> usual_row(const audit::LineView& record);
  std::vector<Cell> row_of_fields(const audit::LineView& record) const;
  void print_row(const std::vector<Cell>& row, bool dim);
  std::string selected_json(const audit::LineView& record) const;

  RecordFormat format_;
  Env& env_;
  std::vector<std::size_t> widths_;
};

}  // namespace mcpauth::cli
