#include "core/audit/report/latencies.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mcpauth::audit::report {
namespace {

constexpr unsigned kBits = 7;  // that select a bucket, after the leading one bit
constexpr std::uint64_t kExact = std::uint64_t{2} << kBits;

/// How many low bits of a value are ignored to find its bucket.
unsigned blurred_bits(std::uint64_t value) {
  return value < kExact ? 0 : static_cast<unsigned>(std::bit_width(value)) - kBits - 1;
}

/// The buckets of each power of two follow those of the previous one without a gap.
std::size_t bucket_of(std::uint64_t value) {
  const unsigned blurred = blurred_bits(value);
  return (std::size_t{blurred} << kBits) + static_cast<std::size_t>(value >> blurred);
}

unsigned blurred_in(std::size_t bucket) {
  return bucket < kExact ? 0 : static_cast<unsigned>(bucket >> kBits) - 1;
}

std::uint64_t start_of(std::size_t bucket) {
  const unsigned blurred = blurred_in(bucket);
  return (std::uint64_t{bucket} - (std::uint64_t{blurred} << kBits)) << blurred;
}

std::uint64_t middle_of(std::size_t bucket) {
  return start_of(bucket) + ((std::uint64_t{1} << blurred_in(bucket)) >> 1U);
}

}  // namespace

void Latencies::add(std::uint64_t micros) {
  const std::size_t bucket = bucket_of(micros);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  least_ = count_ == 0 ? micros : std::min(least_, micros);
  greatest_ = std::max(greatest_, micros);
  ++count_;
}

std::optional<std::uint64_t> Latencies::quantile(double part) const {
  if (count_ == 0) return std::nullopt;
  const auto rank = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
  if (rank >= count_) return greatest_;
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= std::max<std::uint64_t>(rank, 1))
      return std::clamp(middle_of(bucket), least_, greatest_);
  }
  return greatest_;
}

std::uint64_t Latencies::between(std::uint64_t from, std::uint64_t to) const {
  if (to == 0 || from >= to) return 0;
  std::uint64_t sum = 0;
  const std::size_t end = std::min(buckets_.size(), bucket_of(to - 1) + 1);
  for (std::size_t bucket = bucket_of(from); bucket < end; ++bucket) {
    const auto start = start_of(bucket);
    if (start >= from && start < to) sum += buckets_[bucket];
  }
  return sum;
}

}  // namespace mcpauth::audit::report
