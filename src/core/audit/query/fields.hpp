#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/audit/log/line.hpp"
#include "core/base/clock.hpp"

namespace mcpauth::audit::query {

/// The names by which people call fields: those of audit::kFieldNames, `latency`, `scope`,
/// `org` and `client`.
std::span<const std::string_view> field_names();
/// The field of such a name, or nothing.
std::optional<audit::Field> field_of(std::string_view name);
/// What may have been meant by a name that is none.
std::string field_hint(std::string_view name);

/// A `ts` in the form in which this program writes it, without its quotes; nothing for all others.
std::optional<Instant> plain_instant(std::string_view text);
/// The `ts` of a line, by far cheaper than the whole view; nothing where it is not where records
/// have it, or not a time. What stands behind it is not looked at.
std::optional<Instant> ts_of(std::string_view line);

}  // namespace mcpauth::audit::query
