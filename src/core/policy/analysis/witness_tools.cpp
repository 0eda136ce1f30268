#include "core/policy/analysis/witness_tools.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <string_view>
#include <unordered_set>

// All patterns are run at once, as one automaton. A state is the set of places in the patterns that
// a name has come to. Names that lead to the same state continue alike, so each state is followed
// once. Each set of patterns that can end together gets one name.

namespace mcpauth::policy::analysis {
namespace {

using Place = std::uint32_t;
/// Places in the joined patterns, ascending. kAtStart is last when the half has no character yet.
using ToolState = std::vector<Place>;
constexpr Place kAtStart = UINT32_MAX;

struct StateHash {
  std::size_t operator()(const ToolState& state) const {
    std::size_t hash = state.size();
    for (const Place place : state)
      hash = (hash ^ place) * 0x9E3779B97F4A7C15U;
    return hash ^ (hash >> 29U);
  }
};

class Automaton {
 public:
  explicit Automaton(const std::set<std::string_view>& patterns) {
    for (const auto pattern : patterns) {
      starts_.push_back(static_cast<Place>(text_.size()));
      text_.append(pattern).push_back('\0');
    }
    constexpr std::string_view kLiked = "~%@+=^0123456789abcdefghijklmnopqrstuvwxyz";
    const auto is_free = [&](char c) { return text_.find(c) == std::string::npos; };
    const auto liked = std::ranges::find_if(kLiked, is_free);
    if (liked != kLiked.end()) {
      other_ = *liked;
    } else {  // no pattern may hold it, but the name of a called tool may
      other_ = '\x7f';
    }
  }

  char other() const { return other_; }

  ToolState start() const {
    ToolState state;
    for (const Place place : starts_)
      add(state, place);
    return finished(std::move(state), true);
  }

  /// The places where patterns end: these are the patterns that match.
  ToolState ends(const ToolState& state) const {
    ToolState out;
    if (state.empty() || state.back() == kAtStart) return out;
    std::ranges::copy_if(state, std::back_inserter(out),
                         [&](Place place) { return text_[place] == '\0'; });
    return out;
  }

  /// The next state for each character that makes a difference.
  std::vector<std::pair<char, ToolState>> next(const ToolState& state) const {
    std::array<ToolState, 256> literal;
    ToolState stars;
    for (const Place place : state) {
      if (place == kAtStart || text_[place] == '\0') continue;
      if (text_[place] == '*') {
        stars.push_back(place);
      } else {
        add(literal[static_cast<unsigned char>(text_[place])], place + 1);
      }
    }
    const bool at_start = !state.empty() && state.back() == kAtStart;
    std::vector<std::pair<char, ToolState>> out;
    for (std::size_t c = 0; c < literal.size(); ++c) {
      const char character = static_cast<char>(c);
      if (character == '/' && at_start) continue;  // an empty half is not a tool
      if (literal[c].empty() && (character != other_ || stars.empty())) continue;
      if (character != '/') {
        for (const Place star : stars)
          add(literal[c], star);
      }
      out.emplace_back(character, finished(std::move(literal[c]), character == '/'));
    }
    // The character that no pattern names comes first, so made-up names consist of it.
    std::ranges::stable_partition(out, [&](const auto& step) { return step.first == other_; });
    return out;
  }

 private:
  /// A `*` also matches nothing, so the place after it is added too.
  void add(ToolState& state, Place place) const {
    state.push_back(place);
    if (text_[place] == '*') add(state, place + 1);
  }
  static ToolState finished(ToolState state, bool at_start) {
    std::ranges::sort(state);
    state.erase(std::ranges::unique(state).begin(), state.end());
    if (at_start) state.push_back(kAtStart);
    return state;
  }

  std::string text_;  // the patterns, each ended by a NUL
  std::vector<Place> starts_;
  char other_ = '~';
};

/// Follows the automaton and collects names. False when it is too large.
bool follow(const Automaton& automaton, std::size_t most, std::vector<std::string>& names) {
  std::unordered_set<ToolState, StateHash> seen;
  std::unordered_set<ToolState, StateHash> known;
  std::deque<std::pair<ToolState, std::string>> open;
  open.emplace_back(automaton.start(), "");
  std::size_t places = open.front().first.size();
  while (!open.empty()) {
    const auto [state, name] = std::move(open.front());
    open.pop_front();
    for (auto& [character, next] : automaton.next(state)) {
      if (!seen.insert(next).second) continue;
      places += next.size();
      if (places > most) return false;
      std::string longer = name + character;
      if (auto ends = automaton.ends(next); !ends.empty() && known.insert(std::move(ends)).second) {
        names.push_back(longer);
      }
      open.emplace_back(std::move(next), std::move(longer));
    }
  }
  return true;
}

std::string filled(std::string_view pattern, char with) {
  std::string out(pattern);
  std::ranges::replace(out, '*', with);
  return out;
}

}  // namespace

WitnessTools witness_tools(std::span<const policy::Policy* const> policies, std::size_t most) {
  std::set<std::string_view> patterns;
  for (const auto* policy : policies) {
    for (const auto& tool : policy->tools)
      patterns.insert(tool.pattern.value);
  }
  const Automaton automaton(patterns);
  WitnessTools out;
  out.is_complete = follow(automaton, most, out.names);
  if (!out.is_complete) {
    for (const auto pattern : patterns)
      out.names.push_back(filled(pattern, automaton.other()));
  }
  std::ranges::sort(out.names);
  out.names.erase(std::ranges::unique(out.names).begin(), out.names.end());
  return out;
}

}  // namespace mcpauth::policy::analysis
