#include "core/audit/report/tally.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include <doctest/doctest.h>

namespace mcpauth::audit::report {

TEST_CASE(
    "audit/report/tally: exact while the values fit, the most frequent first, equal ones by name") {
  Tally tally;
  for (const auto* value : {"b", "a", "c", "a", "b", "d"})
    tally.add(value, value[0] == 'b');
  CHECK(tally.is_exact());
  CHECK(tally.total() == 6);
  CHECK(tally.distinct() == 4);
  const auto top = tally.top(3);
  REQUIRE(top.size() == 3);
  CHECK(top[0].value == "a");
  CHECK(top[1].value == "b");
  CHECK(top[1].denied == 2);
  CHECK(top[2].value == "c");
  CHECK(!top[2].at_least);
}

TEST_CASE(
    "audit/report/tally: beyond its bounds no count is too high, and what is frequent stays") {
  std::mt19937 random(7);  // NOLINT: the same on each run
  std::uniform_real_distribution<double> uniform(0, 1);
  Tally tally({.values = 200, .bytes = 1'000'000});
  std::map<std::string, std::uint64_t> exact;
  constexpr std::uint64_t kAll = 50'000;
  for (std::uint64_t i = 0; i < kAll; ++i) {
    // A few are frequent, thousands come once or twice.
    const auto rank = static_cast<int>(std::pow(5000.0, uniform(random)));
    const std::string value = "v" + std::to_string(rank);
    tally.add(value);
    ++exact[value];
  }
  CHECK(!tally.is_exact());
  CHECK(tally.distinct() <= 200);
  CHECK(tally.floor() <= kAll / 200);  // what the sketch promises
  const auto top = tally.top(200);
  for (const auto& counted : top) {
    CAPTURE(counted.value);
    CHECK(counted.count <= exact[counted.value]);
    CHECK(exact[counted.value] <= counted.count + tally.floor());
    if (!counted.at_least) CHECK(counted.count == exact[counted.value]);
  }
  for (const auto& [value, count] : exact) {
    if (count <= tally.floor()) continue;
    CAPTURE(value);
    CHECK(std::ranges::find(top, value, &Counted::value) != top.end());
  }
}

TEST_CASE("audit/report/tally: long values are bounded by their bytes") {
  Tally tally({.values = 1000, .bytes = 10'000});
  for (int i = 0; i < 500; ++i)
    tally.add(std::to_string(i) + std::string(1000, 'x'));
  CHECK(tally.distinct() <= 10);
  tally.add(std::string(50'000, 'y'));  // alone over the bound: it is all there is then
  CHECK(tally.distinct() == 1);
}

}  // namespace mcpauth::audit::report
