#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

#include "core/base/clock.hpp"

namespace mcpauth::audit::report {

/// How many outcomes have each decision.
struct Decisions {
  std::uint64_t allow = 0;
  std::uint64_t deny = 0;
  std::uint64_t error = 0;
  std::uint64_t other = 0;  ///< without a decision, or with an unknown one

  std::uint64_t total() const { return allow + deny + error + other; }
  Decisions& operator+=(const Decisions& more);
  friend bool operator==(const Decisions&, const Decisions&) = default;
};

/// Decisions over time, in buckets of equal width that begin at multiples of it in UTC. The width
/// grows if there would be too many buckets, so memory is bounded whatever times a log has.
class Timeline {
 public:
  static constexpr std::size_t kMostBuckets = 20'000;

  /// Without a width, the smallest one that fits is used.
  explicit Timeline(std::optional<std::chrono::seconds> width = {});

  void add(Instant at, const Decisions& decisions);
  /// Makes the buckets wider until there are at most `most`, including empty ones between them.
  void coarsen_to(std::size_t most);

  std::chrono::seconds width() const { return width_; }
  /// The buckets that are not empty, by their start.
  const std::map<Instant, Decisions>& buckets() const { return buckets_; }
  /// How many buckets there are from the first to the last, including empty ones.
  std::uint64_t span() const;

 private:
  void widen();
  Instant start_of(Instant at) const;

  bool is_given_;
  std::chrono::seconds width_;
  std::map<Instant, Decisions> buckets_;
};

}  // namespace mcpauth::audit::report
