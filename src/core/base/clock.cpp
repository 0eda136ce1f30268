#include "core/base/clock.hpp"

namespace mcpauth {

Instant SystemClock::now() const {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::chrono::nanoseconds SystemClock::ticks() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

std::chrono::nanoseconds FixedClock::ticks() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace mcpauth
