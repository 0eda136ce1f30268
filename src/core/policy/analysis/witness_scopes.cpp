#include "core/policy/analysis/witness_scopes.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

#include "core/codec/format.hpp"

namespace mcpauth::policy::analysis {
namespace {

using NodeId = std::uint32_t;

/// All patterns and named scopes in a tree of their segments.
struct Node {
  std::map<std::string_view, NodeId> literals = {};
  NodeId any = 0;         ///< the node after `*`; 0, the root, means there is none
  bool has_rest = false;  ///< a pattern ends in `**` here
};

class Tree {
 public:
  void add(std::string_view pattern) {
    NodeId at = 0;
    while (!pattern.empty()) {
      const auto segment = pattern.substr(0, pattern.find(':'));
      pattern.remove_prefix(std::min(pattern.size(), segment.size() + 1));
      if (segment == "**") {
        nodes_[at].has_rest = true;
      } else {
        at = child(at, segment);
      }
    }
  }
  const Node& operator[](NodeId id) const { return nodes_[id]; }
  bool names(std::string_view segment) const { return segments_.contains(segment); }

 private:
  NodeId child(NodeId from, std::string_view segment) {
    const auto next = static_cast<NodeId>(nodes_.size());
    if (segment == "*") {
      if (nodes_[from].any != 0) return nodes_[from].any;
      nodes_[from].any = next;
    } else {
      segments_.insert(segment);
      const auto [found, is_new] = nodes_[from].literals.try_emplace(segment, next);
      if (!is_new) return found->second;
    }
    nodes_.emplace_back();
    return next;
  }

  std::deque<Node> nodes_{1};
  std::set<std::string_view> segments_;
};

/// What the segments read so far have led to: places in the tree, and each `**` that matches.
struct ScopeState {
  std::vector<NodeId> places;  ///< ascending
  std::vector<NodeId> rests;   ///< ascending
  auto operator<=>(const ScopeState&) const = default;
};

ScopeState after(const Tree& tree, const ScopeState& state, std::string_view segment) {
  ScopeState next{.places = {}, .rests = state.rests};
  for (const NodeId id : state.places) {
    const Node& node = tree[id];
    if (node.has_rest) next.rests.push_back(id);
    if (node.any != 0) next.places.push_back(node.any);
    if (const auto edge = node.literals.find(segment); edge != node.literals.end()) {
      next.places.push_back(edge->second);
    }
  }
  std::ranges::sort(next.places);
  std::ranges::sort(next.rests);
  next.rests.erase(std::ranges::unique(next.rests).begin(), next.rests.end());
  return next;
}

/// The segments that patterns name after this state, and `other`, which no pattern names.
std::set<std::string_view> choices(const Tree& tree, const ScopeState& state,
                                   std::string_view other) {
  std::set<std::string_view> out{other};
  for (const NodeId id : state.places) {
    for (const auto& [segment, child] : tree[id].literals)
      out.insert(segment);
  }
  return out;
}

/// Walks the tree as a scope would, and collects one scope for each state. False when there are
/// more than `most`.
bool collect(const Tree& tree, std::string_view other, std::size_t most,
             std::vector<std::string>& out) {
  std::set<ScopeState> seen;
  std::deque<std::pair<ScopeState, std::string>> open;
  open.emplace_back(ScopeState{.places = {0}, .rests = {}}, "");
  while (!open.empty()) {
    const auto [state, scope] = std::move(open.front());
    open.pop_front();
    for (const auto segment : choices(tree, state, other)) {
      ScopeState next = after(tree, state, segment);
      if (next.places.empty() && next.rests.empty()) continue;
      if (!seen.insert(next).second) continue;
      if (seen.size() > most) return false;
      std::string longer =
          scope.empty() ? std::string(segment) : scope + ":" + std::string(segment);
      constexpr std::size_t kLongest = 256;  // a longer one is not a scope
      if (longer.size() > kLongest) continue;
      out.push_back(longer);
      if (!next.places.empty()) open.emplace_back(std::move(next), std::move(longer));
    }
  }
  return true;
}

void add_patterns(Tree& tree, const policy::Policy& policy) {
  for (const auto& role : policy.roles) {
    for (const auto& pattern : role.scopes)
      tree.add(pattern.value);
    for (const auto& pattern : role.deny)
      tree.add(pattern.value);
  }
  for (const auto& separation : policy.separations) {
    for (const auto& pattern : separation.never_both)
      tree.add(pattern.value);
  }
}

void sort_unique(std::vector<std::string>& scopes) {
  std::ranges::sort(scopes);
  scopes.erase(std::ranges::unique(scopes).begin(), scopes.end());
}

}  // namespace

std::vector<std::string> named_scopes(const policy::Policy& policy) {
  std::vector<std::string> out;
  for (const auto& scope : policy.scopes)
    out.push_back(scope.name.value);
  for (const auto& tool : policy.tools) {
    for (const auto& need : tool.needs)
      out.push_back(need.value);
  }
  sort_unique(out);
  return out;
}

WitnessScopes witness_scopes(std::span<const policy::Policy* const> policies, std::size_t most) {
  WitnessScopes out;
  const auto add_named = [&] {
    for (const auto* policy : policies) {
      auto names = named_scopes(*policy);
      std::ranges::move(names, std::back_inserter(out.scopes));
    }
  };
  add_named();
  const bool is_closed = std::ranges::all_of(policies, &policy::Policy::has_scope_catalogue);
  if (!is_closed) {
    Tree tree;
    for (const auto* policy : policies)
      add_patterns(tree, *policy);
    // A made-up segment must not be one that the policy names.
    std::string other = "any-other";
    for (unsigned i = 2; tree.names(other); ++i)
      other = text::format("any-other-{}", i);
    out.is_complete = collect(tree, other, most, out.scopes);
  }
  sort_unique(out.scopes);
  if (!out.is_complete) {
    out.scopes.clear();
    add_named();
    sort_unique(out.scopes);
  }
  return out;
}

}  // namespace mcpauth::policy::analysis
