#include "core/audit/report/tally.hpp"

#include <algorithm>

namespace mcpauth::audit::report {

void Tally::add(std::string_view value, bool denied) {
  ++total_;
  const auto found = positions_.find(value);
  if (found == positions_.end()) {
    insert(value, denied);
    return;
  }
  Slot& slot = slots_[found->second];
  ++slot.count;
  slot.denied += denied ? 1 : 0;
  if (is_heap_) sift_down(found->second);
}

bool Tally::fits(std::size_t size) const {
  return slots_.size() < bounds_.values && bytes_ + size <= bounds_.bytes;
}

/// A value that is not kept occurred `floor_` times at most, so a new value starts there.
void Tally::insert(std::string_view value, bool denied) {
  while (!slots_.empty() && !fits(value.size()))
    drop_least();
  const auto [key, _] = positions_.emplace(std::string(value), slots_.size());
  bytes_ += value.size();
  slots_.push_back({.key = &*key,
                    .count = floor_ + 1,
                    .surplus = floor_,
                    .denied = denied ? std::uint64_t{1} : 0});
  if (is_heap_) sift_up(slots_.size() - 1);
}

void Tally::make_heap() {
  for (std::size_t at = slots_.size() / 2; at-- > 0;)
    sift_down(at);
  is_heap_ = true;
}

void Tally::drop_least() {
  if (!is_heap_) make_heap();
  const Slot least = slots_.front();
  floor_ = std::max(floor_, least.count);
  bytes_ -= least.key->first.size();
  swap(0, slots_.size() - 1);
  slots_.pop_back();
  positions_.erase(positions_.find(least.key->first));
  if (!slots_.empty()) sift_down(0);
}

void Tally::swap(std::size_t a, std::size_t b) {
  std::swap(slots_[a], slots_[b]);
  slots_[a].key->second = a;
  slots_[b].key->second = b;
}

void Tally::sift_up(std::size_t at) {
  while (at > 0 && slots_[at].count < slots_[(at - 1) / 2].count) {
    swap(at, (at - 1) / 2);
    at = (at - 1) / 2;
  }
}

void Tally::sift_down(std::size_t at) {
  for (;;) {
    std::size_t least = at;
    for (const std::size_t child : {2 * at + 1, 2 * at + 2}) {
      if (child < slots_.size() && slots_[child].count < slots_[least].count) least = child;
    }
    if (least == at) return;
    swap(at, least);
    at = least;
  }
}

std::vector<Counted> Tally::top(std::size_t most) const {
  std::vector<Counted> all;
  all.reserve(slots_.size());
  for (const Slot& slot : slots_) {
    all.push_back({.value = slot.key->first,
                   .count = slot.count - slot.surplus,
                   .denied = slot.denied,
                   .at_least = slot.surplus > 0});
  }
  const auto kept = std::min(most, all.size());
  std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(kept),
                            [](const Counted& a, const Counted& b) {
                              return a.count != b.count ? a.count > b.count : a.value < b.value;
                            });
  all.resize(kept);
  return all;
}

}  // namespace mcpauth::audit::report
