#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace mcpauth::audit::report {

/// The distribution of latencies in microseconds, in bounded memory: exact below 256 µs, and in
/// buckets that each span 1/128 of a power of two above.
class Latencies {
 public:
  /// The largest relative error of a quantile: half a bucket.
  static constexpr double kRelativeError = 1.0 / 256;

  void add(std::uint64_t micros);

  std::uint64_t count() const { return count_; }
  std::uint64_t least() const { return least_; }
  std::uint64_t greatest() const { return greatest_; }  ///< exact
  /// The least latency that a part of them, such as 0.99, does not exceed (nearest rank). Nothing
  /// if there are no latencies.
  std::optional<std::uint64_t> quantile(double part) const;
  /// How many are at least `from` and below `to`, as exactly as the buckets allow.
  std::uint64_t between(std::uint64_t from, std::uint64_t to) const;

 private:
  std::vector<std::uint64_t> buckets_;  ///< up to that of the greatest
  std::uint64_t count_ = 0;
  std::uint64_t least_ = 0;
  std::uint64_t greatest_ = 0;
};

}  // namespace mcpauth::audit::report
