#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::time {

/// Reads "90s", "15m", "2h", "1h30m" or "7d": whole numbers, each with a unit. A number without a
/// unit is refused, so that nobody has to guess it.
Result<std::chrono::seconds> parse_duration(std::string_view text);
/// The shortest exact form: "10m", "1h30m", "45s".
std::string format_duration(std::chrono::seconds duration);

/// Reads RFC 3339 ("2027-01-31T10:00:00Z", also with an offset), a date ("2027-01-31", its first
/// second UTC), epoch seconds ("1800000000", "@1800000000"), "now", or relative to `now` ("+10m",
/// "-2h").
Result<Instant> parse_instant(std::string_view text, Instant now);
/// RFC 3339 in UTC with `Z`.
std::string format_instant(Instant instant);
/// "in 9m", "3h ago", "now". For people: rounded to the two largest units.
std::string relative(Instant instant, Instant now);

}  // namespace mcpauth::time
