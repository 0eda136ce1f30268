#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/audit/log/line.hpp"

namespace mcpauth::audit::report {

/// One cell, in quotes if RFC 4180 requires them. A text that a spreadsheet would run as a formula
/// (CWE-1236) gets an apostrophe in front: one that starts with = + - @ or their full-width forms,
/// a tab or a carriage return.
std::string csv_cell(std::string_view text);

/// The line with the names of the fields, with its CR LF.
std::string csv_header(std::span<const audit::Field> fields);
/// A record as a line with its CR LF. Null is an empty cell, scopes are separated by a space.
std::string csv_row(const audit::LineView& record, std::span<const audit::Field> fields);

/// A record as a JSON object with only these members, in this order, without a newline.
std::string json_row(const audit::LineView& record, std::span<const audit::Field> fields);

}  // namespace mcpauth::audit::report
