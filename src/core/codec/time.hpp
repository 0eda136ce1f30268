#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace mcpauth::time {

/// "90s", "15m", "2h", "1h30m", "7d"; a whole number with a unit each. A bare number is refused:
/// nobody should have to guess a unit.
Result<std::chrono::seconds> parse_duration(std::string_view text);
/// The shortest exact form: "10m", "1h30m", "45s".
std::string format_duration(std::chrono::seconds duration);

/// RFC 3339 ("2027-01-31T10:00:00Z", with offset too), a date ("2027-01-31", its first second UTC),
/// epoch seconds ("1800000000", "@1800000000"), "now", or relative to `now` ("+10m", "-2h").
Result<Instant> parse_instant(std::string_view text, Instant now);
/// RFC 3339 in UTC with `Z`.
std::string format_instant(Instant instant);
/// "in 9m", "3h ago", "now": for people, rounded to the two largest units.
std::string relative(Instant instant, Instant now);

}  // namespace mcpauth::time
