#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/audit/log/line.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit::query {

/// The field with a name that people may use: one of audit::kFieldNames, or `latency`, `scope`,
/// `org` or `client`.
std::optional<audit::Field> field_of(std::string_view name);
/// The same, or an error with a hint (Errc::usage).
Result<audit::Field> parse_field(std::string_view name);
/// A hint for a name that is not a field: a similar name, or all names.
std::string field_hint(std::string_view name);

/// A time in the form in which mcpauth writes `ts`, without the quotes. Nothing for any other form.
std::optional<Instant> plain_instant(std::string_view text);
/// The `ts` of a line, or nothing if the line does not begin like a record. Much cheaper than a
/// LineView: the rest of the line is not read.
std::optional<Instant> ts_of(std::string_view line);

}  // namespace mcpauth::audit::query
