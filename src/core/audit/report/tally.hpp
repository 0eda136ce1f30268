#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mcpauth::audit::report {

/// What a Tally says of one value.
struct Counted {
  std::string value = {};
  std::uint64_t count = 0;   ///< never more than there were
  std::uint64_t denied = 0;  ///< of these; never more than there were
  bool at_least = false;     ///< whether there may have been more
};

/// Counts how often each value came, in bounded memory. Exact as long as the distinct values fit;
/// from then on the Space-Saving sketch (Metwally, Agrawal, El Abbadi 2005): the frequent values
/// stay and each is told with a count that it had at least.
class Tally {
 public:
  struct Bounds {
    std::size_t values = 100'000;               ///< distinct ones
    std::size_t bytes = std::size_t{16} << 20;  ///< of all values together
  };

  Tally() : Tally(Bounds{}) {}
  explicit Tally(Bounds bounds) : bounds_(bounds) {}
  Tally(Tally&&) noexcept = default;
  Tally& operator=(Tally&&) noexcept = default;

  void add(std::string_view value, bool denied = false);

  /// The `most` frequent values, the most frequent first; equal ones by value.
  std::vector<Counted> top(std::size_t most) const;
  std::uint64_t total() const { return total_; }
  bool is_exact() const { return floor_ == 0; }
  /// How many different values there were: all of them where it is exact, else those kept.
  std::size_t distinct() const { return slots_.size(); }
  /// A value that is not among those kept came this often at most.
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
    std::uint64_t count;         ///< never less than there were
    std::uint64_t surplus;       ///< how much of it may belong to values that had to go
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
  std::vector<Slot> slots_;  ///< once one had to go: a heap, the least frequent in front
  bool is_heap_ = false;
  std::size_t bytes_ = 0;
  std::uint64_t floor_ = 0;  ///< the highest count of a value that had to go
  std::uint64_t total_ = 0;
};

}  // namespace mcpauth::audit::report
