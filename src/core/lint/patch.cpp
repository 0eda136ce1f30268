#include "core/lint/patch.hpp"

#include <algorithm>
#include <vector>

namespace mcpauth::lint {
namespace {

using Lines = std::vector<std::string_view>;

/// Each with its line break, the last perhaps without.
Lines lines_of(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto length = end == std::string_view::npos ? text.size() : end + 1;
    out.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return out;
}

/// One line of the difference. ' ' stays, '-' goes, '+' comes.
struct Step {
  char kind;
  std::string_view line;
};

/// The shortest way from a to b (E. Myers, "An O(ND) Difference Algorithm", 1986), or all of a out
/// and all of b in where the texts have little in common.
class Differ {
 public:
  Differ(std::span<const std::string_view> a, std::span<const std::string_view> b)
      : a_(a), b_(b), least_(static_cast<int>(std::min<std::size_t>(a.size() + b.size(), kMost))) {}

  std::vector<Step> run() {
    std::vector<int> ends(2 * static_cast<std::size_t>(least_) + 3, 0);
    for (int d = 0; d <= least_; ++d) {
      trace_.push_back(ends);
      if (advance(ends, d)) return walk_back(d);
    }
    std::vector<Step> steps;
    for (const auto line : a_)
      steps.push_back({'-', line});
    for (const auto line : b_)
      steps.push_back({'+', line});
    return steps;
  }

 private:
  static constexpr std::size_t kMost = 1000;

  std::size_t slot(int k) const { return static_cast<std::size_t>(k + least_ + 1); }
  int start(const std::vector<int>& ends, int k, int d) const {
    const bool down = k == -d || (k != d && ends[slot(k - 1)] < ends[slot(k + 1)]);
    return down ? ends[slot(k + 1)] : ends[slot(k - 1)] + 1;
  }
  bool equal(int x, int y) const {
    return a_[static_cast<std::size_t>(x)] == b_[static_cast<std::size_t>(y)];
  }

  /// Goes as far as d changes lead on every diagonal; whether that is the end.
  bool advance(std::vector<int>& ends, int d) const {
    const int width = static_cast<int>(a_.size());
    const int height = static_cast<int>(b_.size());
    for (int k = -d; k <= d; k += 2) {
      int x = start(ends, k, d);
      int y = x - k;
      while (x < width && y < height && equal(x, y)) {
        ++x;
        ++y;
      }
      ends[slot(k)] = x;
      if (x >= width && y >= height) return true;
    }
    return false;
  }

  std::vector<Step> walk_back(int d) const {
    std::vector<Step> steps;
    int x = static_cast<int>(a_.size());
    int y = static_cast<int>(b_.size());
    for (; d >= 0; --d) {
      const auto& ends = trace_[static_cast<std::size_t>(d)];
      const int k = x - y;
      const bool down = k == -d || (k != d && ends[slot(k - 1)] < ends[slot(k + 1)]);
      const int from = d == 0 ? 0 : down ? ends[slot(k + 1)] : ends[slot(k - 1)];
      const int from_y = d == 0 ? 0 : from - (down ? k + 1 : k - 1);
      while (x > from && y > from_y && (d == 0 || x - (down ? 0 : 1) > from || y - (down ? 1 : 0) > from_y)) {
        --x;
        --y;
        steps.push_back({' ', a_[static_cast<std::size_t>(x)]});
      }
      if (d == 0) break;
      if (down) {
        --y;
        steps.push_back({'+', b_[static_cast<std::size_t>(y)]});
      } else {
        --x;
        steps.push_back({'-', a_[static_cast<std::size_t>(x)]});
      }
    }
    std::ranges::reverse(steps);
    return steps;
  }

  std::span<const std::string_view> a_;
  std::span<const std::string_view> b_;
  int least_;
  std::vector<std::vector<int>> trace_;
};

}  // namespace
