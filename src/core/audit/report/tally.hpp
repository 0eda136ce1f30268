#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mcpauth::audit::report {

/// One value of a Tally.
struct Counted {
  std::string value = {};
  std::uint64_t count = 0;   ///< never too high
  std::uint64_t denied = 0;  ///< how many of these were denied; never too high
  bool at_least = false;     ///< whether `count` may be too low
};

/// Counts how often each value occurs, in bounded memory. Exact as long as the distinct values fit.
/// After that it is a Space-Saving sketch (Metwally, Agrawal, El Abbadi 2005): the frequent values
/// are kept, each with a lower bound of its count.
class Tally {
 public:
  struct Bounds {
    std::size_t values = 100'000;               ///< distinct ones
    std::size_t bytes = std::size_t{16} << 20;  ///< all values together
  };

  Tally() : Tally(Bounds{}) {}
  explicit Tally(Bounds bounds) : bounds_(bounds) {}
  Tally(Tally&&) noexcept = default;
  Tally& operator=(Tally&&) noexcept = default;

  void add(std::string_view value, bool denied = false);

  /// At most `most` values, the most frequent first; equally frequent ones by value.
  std::vector<Counted> top(std::size_t most) const;
  std::uint64_t total() const { return total_; }
  bool is_exact() const { return floor_ == 0; }
  /// How many different values there were if it is exact, else how many are kept.
  std::size_t distinct() const { return slots_.size(); }
  /// How often a value that is not kept occurred at most.
  std::uint64_t floor() const { return floor_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  using Positions = std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>>;
  struct Slot {
    Positions::value_type* key;  ///< the value, and where this slot is
    std::uint64_t count;         ///< never too low
    std::uint64_t surplus;       ///< how much of `count` may belong to values that were dropped
    std::uint64_t denied;
  };

  bool fits(std::size_t size) const;
  void insert(std::string_view value, bool denied);
  void drop_least();
  void make_heap();
  void swap(std::size_t a, std::size_t b);
  void sift_up(std::size_t at);
  void sift_down(std::size_t at);

  Bounds bounds_;
  Positions positions_;      ///< of each value in slots_
  std::vector<Slot> slots_;  ///< a heap with the least frequent first, once one was dropped
  bool is_heap_ = false;
  std::size_t bytes_ = 0;
  std::uint64_t floor_ = 0;  ///< the highest count of a value that was dropped
  std::uint64_t total_ = 0;
};

}  // namespace mcpauth::audit::report
