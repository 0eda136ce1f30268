#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace mcpauth::audit::report {

/// The distribution of latencies in microseconds, in memory that does not grow with their number:
/// exact below 256 µs, above in buckets of which each spans 1/128 of its power of two.
class Latencies {
 public:
  /// How far a quantile can be from the exact one, as a part of it: half a bucket.
  static constexpr double kRelativeError = 1.0 / 256;

  void add(std::uint64_t micros);

  std::uint64_t count() const { return count_; }
  std::uint64_t least() const { return least_; }
  std::uint64_t greatest() const { return greatest_; }  ///< exact
  /// The least latency that this part of them, as 0.99, does not exceed (nearest rank); nothing
  /// when there is none.
  std::optional<std::uint64_t> quantile(double part) const;
  /// How many are at least `from` and below `to`, to the precision of the buckets.
  std::uint64_t between(std::uint64_t from, std::uint64_t to) const;

 private:
  std::vector<std::uint64_t> buckets_;  ///< as far as the greatest
  std::uint64_t count_ = 0;
  std::uint64_t least_ = 0;
  std::uint64_t greatest_ = 0;
};

}  // namespace mcpauth::audit::report
