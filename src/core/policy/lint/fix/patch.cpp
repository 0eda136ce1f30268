#include "core/policy/lint/fix/patch.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "core/codec/format.hpp"

namespace mcpauth::policy::lint {
namespace {

using Lines = std::vector<std::string_view>;

/// The lines with their line breaks. The last may lack one.
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

/// One line of the difference: ' ' is in both texts, '-' only in the first, '+' only in the second.
struct Step {
  char kind;
  std::string_view line;
};

/// The shortest edit script from a to b: E. Myers, "An O(ND) Difference Algorithm and Its
/// Variations", 1986. Texts that differ by more than kMost lines are replaced as a whole.
///
/// A path through the edit graph is at (x, y) after x lines of a and y lines of b, on diagonal
/// k = x - y. `ends` holds, for each diagonal, the x that the paths seen so far reached.
class Differ {
 public:
  Differ(std::span<const std::string_view> a, std::span<const std::string_view> b)
      : a_(a), b_(b), most_(static_cast<int>(std::min<std::size_t>(a.size() + b.size(), kMost))) {}

  std::vector<Step> run() {
    std::vector<int> ends(2 * static_cast<std::size_t>(most_) + 3, 0);
    for (int d = 0; d <= most_; ++d) {
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

  /// The index of diagonal k in `ends`.
  std::size_t slot(int k) const { return static_cast<std::size_t>(std::ptrdiff_t{k} + most_ + 1); }
  /// Where a path with d changes enters diagonal k: below the one from k + 1 (a line of b is
  /// added), or to the right of the one from k - 1 (a line of a is removed).
  int start(const std::vector<int>& ends, int k, int d) const {
    const bool down = k == -d || (k != d && ends[slot(k - 1)] < ends[slot(k + 1)]);
    return down ? ends[slot(k + 1)] : ends[slot(k - 1)] + 1;
  }
  bool equal(int x, int y) const {
    return a_[static_cast<std::size_t>(x)] == b_[static_cast<std::size_t>(y)];
  }

  /// Extends the furthest-reaching path of each diagonal to d changes. True when one of them
  /// reaches the end of both texts.
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

  /// The steps of the path that reached the end with d changes, from the trace of each round.
  std::vector<Step> walk_back(int d) const {
    std::vector<Step> steps;
    int x = static_cast<int>(a_.size());
    int y = static_cast<int>(b_.size());
    for (; d >= 0; --d) {
      const auto& ends = trace_[static_cast<std::size_t>(d)];
      const int k = x - y;
      const bool down = k == -d || (k != d && ends[slot(k - 1)] < ends[slot(k + 1)]);
      const int from = ends[slot(down ? k + 1 : k - 1)];
      const int from_y = from - (down ? k + 1 : k - 1);
      for (; x > from && y > from_y; --x, --y)
        steps.push_back({' ', a_[static_cast<std::size_t>(x - 1)]});
      if (d == 0) break;
      if (down) {
        steps.push_back({'+', b_[static_cast<std::size_t>(--y)]});
      } else {
        steps.push_back({'-', a_[static_cast<std::size_t>(--x)]});
      }
    }
    std::ranges::reverse(steps);
    return steps;
  }

  std::span<const std::string_view> a_;
  std::span<const std::string_view> b_;
  int most_;
  std::vector<std::vector<int>> trace_;
};

std::vector<Step> steps_between(const Lines& a, const Lines& b) {
  const auto [a_at, b_at] = std::ranges::mismatch(a, b);
  const auto same_before = static_cast<std::size_t>(a_at - a.begin());
  std::size_t same_after = 0;
  while (same_after < std::min(a.size(), b.size()) - same_before &&
         a[a.size() - 1 - same_after] == b[b.size() - 1 - same_after])
    ++same_after;
  std::vector<Step> steps;
  for (std::size_t i = 0; i < same_before; ++i)
    steps.push_back({' ', a[i]});
  const std::span all_a(a);
  const std::span all_b(b);
  const auto middle = Differ(all_a.subspan(same_before, a.size() - same_before - same_after),
                             all_b.subspan(same_before, b.size() - same_before - same_after))
                          .run();
  steps.insert(steps.end(), middle.begin(), middle.end());
  for (std::size_t i = a.size() - same_after; i < a.size(); ++i)
    steps.push_back({' ', a[i]});
  return steps;
}

/// "12,7", or "12" for one line. An empty range gives the number of the line before it.
std::string range_text(std::size_t first, std::size_t count) {
  if (count == 1) return std::to_string(first);
  return text::format("{},{}", count == 0 ? first - 1 : first, count);
}

void add_hunk(std::string& out, std::span<const Step> steps, std::size_t before_a,
              std::size_t before_b) {
  // The lines of one side: those that are not only on the other.
  const auto count = [&](char other) {
    return static_cast<std::size_t>(
        std::ranges::count_if(steps, [&](const Step& step) { return step.kind != other; }));
  };
  out += text::format("@@ -{} +{} @@\n", range_text(before_a + 1, count('+')),
                      range_text(before_b + 1, count('-')));
  for (const auto& [kind, line] : steps) {
    out += kind;
    out += line;
    if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  }
}

}  // namespace

std::string unified_diff(std::string_view file, std::string_view before, std::string_view after) {
  if (before == after) return {};
  constexpr std::size_t kContext = 3;
  const auto a = lines_of(before);
  const auto b = lines_of(after);
  const auto steps = steps_between(a, b);
  auto out = text::format("--- {0}\n+++ {0}\n", file);
  std::size_t line_a = 0;  // lines of each before steps[at]
  std::size_t line_b = 0;
  std::size_t at = 0;
  const auto pass = [&](std::size_t to) {
    for (; at < to; ++at) {
      if (steps[at].kind != '+') ++line_a;
      if (steps[at].kind != '-') ++line_b;
    }
  };
  const auto change_from = [&](std::size_t from) {
    while (from < steps.size() && steps[from].kind == ' ')
      ++from;
    return from;
  };
  for (auto change = change_from(0); change < steps.size();) {
    pass(change - std::min(change - at, kContext));
    auto end = change;
    do {
      end = change;
      while (end < steps.size() && steps[end].kind != ' ')
        ++end;
      change = change_from(end);
    } while (change < steps.size() && change - end <= 2 * kContext);
    const auto stop = std::min(end + kContext, steps.size());
    add_hunk(out, std::span(steps).subspan(at, stop - at), line_a, line_b);
    pass(stop);
  }
  return out;
}

}  // namespace mcpauth::policy::lint
