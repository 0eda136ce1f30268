#include "core/audit/report/timeline.hpp"

#include <doctest/doctest.h>

#include "lines.hpp"

namespace mcpauth::audit::report {

using std::chrono::seconds;
using test::kWhen;

TEST_CASE("audit/report/timeline: buckets begin at multiples of their width in UTC") {
  Timeline timeline(seconds(3600));
  timeline.add(kWhen + seconds(1), {.allow = 1});
  timeline.add(kWhen + seconds(3599), {.deny = 1});
  timeline.add(kWhen + seconds(3600), {.error = 1});
  timeline.add(kWhen - seconds(1), {.other = 1});
  REQUIRE(timeline.buckets().size() == 3);
  CHECK(timeline.buckets().at(kWhen) == Decisions{.allow = 1, .deny = 1});
  CHECK(timeline.buckets().at(kWhen - seconds(3600)) == Decisions{.other = 1});
  CHECK(timeline.span() == 3);
}

TEST_CASE("audit/report/timeline: coarser buckets keep every decision") {
  Timeline timeline;
  for (int i = 0; i < 5000; ++i)
    timeline.add(kWhen + seconds(i * 97), {.allow = 1, .deny = i % 3 == 0 ? 1U : 0U});
  timeline.coarsen_to(60);
  CHECK(timeline.span() <= 60);
  CHECK(timeline.width() == seconds(10800));
  Decisions sum;
  for (const auto& [start, decisions] : timeline.buckets())
    sum += decisions;
  CHECK(sum == Decisions{.allow = 5000, .deny = 1667});
}

TEST_CASE("audit/report/timeline: times all over history do not make it grow without end") {
  for (const auto width : {std::optional<seconds>(), std::optional(seconds(1))}) {
    Timeline timeline(width);
    for (int i = 0; i < 100'000; ++i)
      timeline.add(Instant(seconds(std::int64_t{i} * 2'000'000) - seconds(60'000'000'000)),
                   {.allow = 1});
    CHECK(timeline.buckets().size() <= Timeline::kMostBuckets);
  }
}

}  // namespace mcpauth::audit::report
