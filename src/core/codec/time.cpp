#include "core/codec/time.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <optional>

#include "core/base/panic.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"

namespace mcpauth::time {
namespace {

using std::chrono::seconds;

struct Unit {
  char letter;
  std::int64_t length;
};

constexpr std::array<Unit, 4> kUnits = {{{'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}};
constexpr std::int64_t kLongest =
    36'500LL * 86'400;  // a hundred years, so that sums do not overflow
constexpr Instant kFirst = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
constexpr Instant kLast = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} - seconds(1);

Error bad_duration(std::string_view text) {
  return {.code = Errc::input,
          .message = text::format("`{}` is not a duration", text),
          .hint = "write a whole number with its unit, as in 90s, 15m, 2h or 1h30m"};
}

Error bad_instant(std::string_view text) {
  return {.code = Errc::input,
          .message = text::format("`{}` is not a time", text),
          .hint = "write it as 2027-01-31T10:00:00Z, 2027-01-31, 1800000000, now, +10m or -2h"};
}

/// Reads a text from the left. After the first thing that is missing, everything counts as missing.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count, int least, int most) {
    const auto value =
        rest_.size() < count ? std::nullopt : parse_number<std::int64_t>(rest_.substr(0, count));
    if (!value || *value < least || *value > most) {
      ok_ = false;
      return least;
    }
    rest_.remove_prefix(count);
    return static_cast<int>(*value);
  }
  bool one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(std::string_view allowed) { ok_ = one_of(allowed) && ok_; }
  void skip_fraction() {
    if (!one_of(".")) return;
    need("0123456789");
    while (one_of("0123456789")) {
    }
  }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }
  char front() const { return rest_.empty() ? '\0' : rest_.front(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

/// The offset from UTC: "Z", "+01:00", "-05:30".
seconds read_offset(Reader& reader) {
  if (reader.one_of("Zz")) return seconds(0);
  const bool west = reader.front() == '-';
  reader.need("+-");
  const std::chrono::hours hours(reader.digits(2, 0, 23));
  reader.need(":");
  const std::chrono::minutes minutes(reader.digits(2, 0, 59));
  return west ? -(hours + minutes) : hours + minutes;
}

/// RFC 3339 section 5.6, or its date alone. A leap second is refused: an Instant has none.
std::optional<Instant> read_calendar(std::string_view text) {
  Reader reader(text);
  const std::chrono::year year(reader.digits(4, 0, 9999));
  reader.need("-");
  const std::chrono::month month(static_cast<unsigned>(reader.digits(2, 1, 12)));
  reader.need("-");
  const std::chrono::day day(static_cast<unsigned>(reader.digits(2, 1, 31)));
  const std::chrono::year_month_day date = year / month / day;
  if (!reader.ok() || !date.ok()) return std::nullopt;
  const Instant midnight = std::chrono::sys_days{date};
  if (reader.done()) return midnight;

  reader.need("Tt");
  const std::chrono::hours hours(reader.digits(2, 0, 23));
  reader.need(":");
  const std::chrono::minutes minutes(reader.digits(2, 0, 59));
  reader.need(":");
  const seconds second(reader.digits(2, 0, 59));
  reader.skip_fraction();
  const seconds offset = read_offset(reader);
  if (!reader.done()) return std::nullopt;
  return midnight + hours + minutes + second - offset;
}

std::int64_t clamped(Instant instant) {
  constexpr auto kEdge = std::numeric_limits<std::int64_t>::max() / 4;
  return std::clamp(std::int64_t{instant.time_since_epoch().count()}, -kEdge, kEdge);
}

}  // namespace

Result<seconds> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  auto rest = text;
  for (const Unit& unit : kUnits) {
    const auto end = rest.find_first_not_of("0123456789");
    if (end == std::string_view::npos || rest[end] != unit.letter) continue;
    const auto count = parse_number<std::int64_t>(rest.substr(0, end));
    if (!count || *count > (kLongest - total) / unit.length) return bad_duration(text);
    total += *count * unit.length;
    rest.remove_prefix(end + 1);
  }
  if (text.empty() || !rest.empty()) return bad_duration(text);
  return seconds(total);
}

std::string format_duration(seconds duration) {
  std::int64_t left = duration.count();
  if (left == 0) return "0s";
  std::string out = left < 0 ? "-" : "";
  for (const Unit& unit : kUnits) {
    const std::int64_t count = left / unit.length;
    left %= unit.length;
    if (count != 0) out += std::to_string(std::abs(count)) + unit.letter;
  }
  return out;
}

Result<Instant> parse_instant(std::string_view text, Instant now) {
  if (text == "now") return now;
  if (text.starts_with('+') || text.starts_with('-')) {
    const auto distance = parse_duration(text.substr(1));
    if (!distance) return bad_instant(text);
    return text.front() == '+' ? now + *distance : now - *distance;
  }
  const auto epoch = parse_number<std::int64_t>(text.starts_with('@') ? text.substr(1) : text);
  const auto instant = epoch ? std::optional(Instant{seconds(*epoch)}) : read_calendar(text);
  if (!instant || *instant < kFirst || *instant > kLast) return bad_instant(text);
  return *instant;
}

std::string format_instant(Instant instant) {
  if (instant < kFirst || instant > kLast) {
    return "@" + std::to_string(instant.time_since_epoch().count());
  }
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(instant - day);
  char buffer[32];
  const int length = std::snprintf(
      buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02dZ", int{date.year()},
      unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(time.hours().count()),
      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  if (length != 20) panic("an instant that does not fit its format");
  return buffer;
}

std::string relative(Instant instant, Instant now) {
  const std::int64_t difference = clamped(instant) - clamped(now);
  if (difference == 0) return "now";
  std::int64_t left = std::abs(difference);
  const auto* largest =
      std::ranges::find_if(kUnits, [&](const Unit& u) { return left >= u.length; });
  const auto* smallest = std::min(largest + 1, kUnits.end() - 1);
  left = (left + smallest->length / 2) / smallest->length * smallest->length;

  std::string out;
  for (const Unit& unit : kUnits) {
    const std::int64_t count = left / unit.length;
    left %= unit.length;
    if (count == 0) continue;
    if (!out.empty()) out += ' ';
    out += std::to_string(count) + unit.letter;
  }
  return difference > 0 ? "in " + out : out + " ago";
}

}  // namespace mcpauth::time
