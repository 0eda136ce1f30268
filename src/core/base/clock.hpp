#pragma once

#include <chrono>

namespace mcpauth {

/// A point in time, to the second, UTC. All token arithmetic is in seconds (RFC 7519 NumericDate).
using Instant = std::chrono::sys_seconds;

/// The source of time in long-running code. A function that needs one instant takes an `Instant`
/// argument instead, and so stays pure.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  /// Monotonic, for timeouts and latencies; unrelated to `now`.
  virtual std::chrono::nanoseconds ticks() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  std::chrono::nanoseconds ticks() const override;
};

/// A clock that stands still at `instant`: what `--now` gives.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant instant) : instant_(instant) {}
  Instant now() const override { return instant_; }
  std::chrono::nanoseconds ticks() const override;

 private:
  Instant instant_;
};

}  // namespace mcpauth
