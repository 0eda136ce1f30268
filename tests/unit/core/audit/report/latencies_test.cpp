#include "core/audit/report/latencies.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <doctest/doctest.h>

namespace mcpauth::audit::report {
namespace {

std::uint64_t exact_quantile(const std::vector<std::uint64_t>& sorted, double part) {
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

void check_quantiles(std::vector<std::uint64_t> values) {
  Latencies latencies;
  for (const auto value : values)
    latencies.add(value);
  std::ranges::sort(values);
  for (const double part : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    CAPTURE(part);
    const auto exact = static_cast<double>(exact_quantile(values, part));
    const auto told = static_cast<double>(latencies.quantile(part).value_or(0));
    CHECK(std::abs(told - exact) <= exact * Latencies::kRelativeError);
  }
  CHECK(latencies.greatest() == values.back());
  CHECK(latencies.least() == values.front());
}

}  // namespace

TEST_CASE("audit/report/latencies: quantiles are within their stated error of the exact ones") {
  std::mt19937_64 random(11);  // NOLINT: the same on each run
  std::lognormal_distribution<double> lognormal(7, 2);
  std::uniform_int_distribution<std::uint64_t> uniform(0, 400);
  for (const std::size_t size : {1U, 2U, 3U, 10U, 999U, 20'000U}) {
    CAPTURE(size);
    std::vector<std::uint64_t> skewed(size);
    std::ranges::generate(skewed, [&] { return static_cast<std::uint64_t>(lognormal(random)); });
    check_quantiles(skewed);
    std::vector<std::uint64_t> small(size);
    std::ranges::generate(small, [&] { return uniform(random); });
    check_quantiles(small);
  }
}

TEST_CASE("audit/report/latencies: none, zero and the greatest number there is") {
  Latencies latencies;
  CHECK(!latencies.quantile(0.5));
  latencies.add(0);
  CHECK(latencies.quantile(0.5) == 0);
  latencies.add(std::numeric_limits<std::uint64_t>::max());
  CHECK(latencies.quantile(1) == std::numeric_limits<std::uint64_t>::max());
  CHECK(latencies.quantile(0.5) == 0);
}

TEST_CASE("audit/report/latencies: ranges that follow each other count each once") {
  std::mt19937_64 random(3);  // NOLINT: the same on each run
  std::uniform_int_distribution<std::uint64_t> uniform(0, 100'000);
  Latencies latencies;
  for (int i = 0; i < 5000; ++i)
    latencies.add(uniform(random));
  std::uint64_t sum = 0;
  std::uint64_t from = 0;
  for (const std::uint64_t to : {1U, 7U, 100U, 255U, 256U, 1000U, 1500U, 33'333U, 200'000U}) {
    sum += latencies.between(from, to);
    from = to;
  }
  CHECK(sum == 5000);
}

}  // namespace mcpauth::audit::report
