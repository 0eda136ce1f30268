#include "core/audit/report/timeline.hpp"

#include <array>

namespace mcpauth::audit::report {
namespace {

using std::chrono::seconds;

// Round widths. Each divides the next, so that buckets can be merged.
constexpr std::array<seconds, 13> kWidths = {
    seconds(1),     seconds(5),      seconds(15),     seconds(60),    seconds(300),
    seconds(900),   seconds(3600),   seconds(10800),  seconds(21600), seconds(43200),
    seconds(86400), seconds(604800), seconds(2419200)};

seconds wider(seconds width) {
  for (const seconds next : kWidths) {
    if (next > width) return next;
  }
  return width * 2;
}

}  // namespace

Decisions& Decisions::operator+=(const Decisions& more) {
  allow += more.allow;
  deny += more.deny;
  error += more.error;
  other += more.other;
  return *this;
}

Timeline::Timeline(std::optional<seconds> width)
    : is_given_(width.has_value()), width_(width.value_or(kWidths.front())) {}

Instant Timeline::start_of(Instant at) const {
  const auto since_epoch = at.time_since_epoch();
  const auto rest = (since_epoch % width_ + width_) % width_;  // also for times before 1970
  return at - rest;
}

void Timeline::add(Instant at, const Decisions& decisions) {
  buckets_[start_of(at)] += decisions;
  while (buckets_.size() > kMostBuckets)
    widen();
}

void Timeline::widen() {
  width_ = is_given_ ? width_ * 2 : wider(width_);
  std::map<Instant, Decisions> joined;
  for (const auto& [start, decisions] : buckets_)
    joined[start_of(start)] += decisions;
  buckets_ = std::move(joined);
}

void Timeline::coarsen_to(std::size_t most) {
  while (span() > most && buckets_.size() > 1)
    widen();
}

std::uint64_t Timeline::span() const {
  if (buckets_.empty()) return 0;
  const auto between = buckets_.rbegin()->first - buckets_.begin()->first;
  return static_cast<std::uint64_t>(between / width_) + 1;
}

}  // namespace mcpauth::audit::report
