#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/audit/log/line.hpp"

namespace mcpauth::audit::report {

/// One cell: in quotes where RFC 4180 asks for them. A text that a spreadsheet would take for a
/// formula (CWE-1236: it starts with = + - @, a tab or a carriage return, also the full-width forms
/// of the four) gets an apostrophe in front.
std::string csv_cell(std::string_view text);

/// The line with the names of the fields, and its CR LF.
std::string csv_header(std::span<const audit::Field> fields);
/// A record as a line with its CR LF; null is an empty cell, scopes have a space between them.
std::string csv_row(const audit::LineView& record, std::span<const audit::Field> fields);

/// A record as a JSON object of these members only, in this order, without a newline.
std::string json_row(const audit::LineView& record, std::span<const audit::Field> fields);

}  // namespace mcpauth::audit::report
