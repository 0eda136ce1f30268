#include "core/codec/time.hpp"

#include <limits>

#include <doctest/doctest.h>

namespace mcpauth::time {
namespace {

using std::chrono::seconds;

constexpr Instant kNow{seconds(1'800'000'000)};  // 2027-01-15T08:00:00Z

Instant at(std::int64_t epoch) {
  return Instant{seconds(epoch)};
}

}  // namespace

TEST_CASE("codec/time: durations have a unit for every number, largest first") {
  CHECK(*parse_duration("90s") == seconds(90));
  CHECK(*parse_duration("15m") == seconds(900));
  CHECK(*parse_duration("1h30m") == seconds(5400));
  CHECK(*parse_duration("7d") == seconds(604'800));
  CHECK(*parse_duration("1d2h3m4s") == seconds(93'784));
  CHECK(*parse_duration("0s") == seconds(0));
  for (const std::string_view bad :
       {"", "10", "m", "10 m", "-5m", "+5m", "1.5h", "5M", "30m1h", "5m5m", "1w", "10ms", "s10",
        "9999999999999999999s", "36501d", "36500d1s", "10m "}) {
    CAPTURE(bad);
    const auto duration = parse_duration(bad);
    REQUIRE_FALSE(duration);
    CHECK(duration.error().message == "`" + std::string(bad) + "` is not a duration");
  }
}

TEST_CASE("codec/time: a duration is written in its shortest exact form") {
  CHECK(format_duration(seconds(600)) == "10m");
  CHECK(format_duration(seconds(5400)) == "1h30m");
  CHECK(format_duration(seconds(45)) == "45s");
  CHECK(format_duration(seconds(86'461)) == "1d1m1s");
  CHECK(format_duration(seconds(0)) == "0s");
  CHECK(format_duration(seconds(-90)) == "-1m30s");
}

TEST_CASE("codec/time: instants come as RFC 3339, date, epoch or relative to now") {
  CHECK(*parse_instant("2027-01-15T08:00:00Z", kNow) == kNow);
  CHECK(*parse_instant("2027-01-15t08:00:00.999z", kNow) == kNow);
  CHECK(*parse_instant("2027-01-15T09:30:00+01:30", kNow) == kNow);
  CHECK(*parse_instant("2027-01-14T23:00:00-09:00", kNow) == kNow);
  CHECK(*parse_instant("2027-01-15", kNow) == kNow - std::chrono::hours(8));
  CHECK(*parse_instant("2024-02-29", kNow) == at(1'709'164'800));
  CHECK(*parse_instant("1800000000", kNow - seconds(5)) == kNow);
  CHECK(*parse_instant("@0", kNow) == at(0));
  CHECK(*parse_instant("now", kNow) == kNow);
  CHECK(*parse_instant("+10m", kNow) == kNow + seconds(600));
  CHECK(*parse_instant("-2h", kNow) == kNow - seconds(7200));
}

TEST_CASE("codec/time: a text that is not an exact time is refused") {
  for (const std::string_view bad : {"",
                                     "tomorrow",
                                     "2027-1-5",
                                     "2027-02-29",
                                     "2027-13-01",
                                     "2027-00-10",
                                     "2027-01-15T",
                                     "2027-01-15T08:00Z",
                                     "2027-01-15T08:00:00",
                                     "2027-01-15T24:00:00Z",
                                     "2027-01-15T08:60:00Z",
                                     "2027-01-15T08:00:60Z",
                                     "2027-01-15T08:00:00.Z",
                                     "2027-01-15T08:00:00+0100",
                                     "2027-01-15 08:00:00Z",
                                     "2027-01-15T08:00:00ZZ",
                                     "+",
                                     "+10",
                                     "--5m",
                                     "@",
                                     "@-5",
                                     "0x10",
                                     "99999999999999",
                                     "999999999999999999999",
                                     "2027-01-15Z",
                                     "-001-01-01"}) {
    CAPTURE(bad);
    const auto instant = parse_instant(bad, kNow);
    REQUIRE_FALSE(instant);
    CHECK(instant.error().message == "`" + std::string(bad) + "` is not a time");
  }
}

TEST_CASE("codec/time: an instant is written in UTC, and one beyond the calendar as its number") {
  CHECK(format_instant(kNow) == "2027-01-15T08:00:00Z");
  CHECK(format_instant(at(0)) == "1970-01-01T00:00:00Z");
  CHECK(format_instant(at(-1)) == "1969-12-31T23:59:59Z");
  CHECK(format_instant(at(253'402'300'799)) == "9999-12-31T23:59:59Z");
  CHECK(format_instant(at(253'402'300'800)) == "@253402300800");
  CHECK(format_instant(at(std::numeric_limits<std::int64_t>::max())) == "@9223372036854775807");
}

TEST_CASE("codec/time: relative times say at most two units") {
  CHECK(relative(kNow, kNow) == "now");
  CHECK(relative(kNow + seconds(540), kNow) == "in 9m");
  CHECK(relative(kNow - seconds(10'800), kNow) == "3h ago");
  CHECK(relative(kNow + seconds(59), kNow) == "in 59s");
  CHECK(relative(kNow + seconds(5400), kNow) == "in 1h 30m");
  CHECK(relative(kNow + seconds(7199), kNow) == "in 2h");
  CHECK(relative(kNow - seconds(90'061), kNow) == "1d 1h ago");
  CHECK(relative(at(std::numeric_limits<std::int64_t>::max()), at(-5)).starts_with("in "));
}

}  // namespace mcpauth::time
