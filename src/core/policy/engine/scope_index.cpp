#include "core/policy/engine/scope_index.hpp"

#include <algorithm>

#include "core/policy/engine/pattern.hpp"

namespace mcpauth::policy {

ScopeIndex::ScopeIndex(const Policy& policy) : policy_(&policy) {
  allow_.reserve(policy.roles.size());
  deny_.reserve(policy.roles.size());
  for (const auto& role : policy.roles) {
    allow_.push_back(listed(role.scopes));
    deny_.push_back(listed(role.deny));
  }
}

ScopeIndex::List ScopeIndex::listed(const std::vector<Text>& patterns) {
  List list;
  list.reserve(patterns.size());
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    list.push_back({intern(patterns[i].value), i});
  }
  std::ranges::sort(list, [](const Listed& a, const Listed& b) {
    return std::pair(a.pattern, a.position) < std::pair(b.pattern, b.position);
  });
  list.erase(std::ranges::unique(list, {}, &Listed::pattern).begin(), list.end());
  return list;
}

PatternId ScopeIndex::intern(std::string_view pattern) {
  NodeId node = 0;
  std::string_view segment;
  while (!pattern.empty()) {
    segment = next_segment(pattern);
    if (segment != "**") node = child(node, segment);
  }
  PatternId& id = segment == "**" ? nodes_[node].rest : nodes_[node].ends;
  if (id == kNone) id = patterns_++;
  return id;
}

ScopeIndex::NodeId ScopeIndex::child(NodeId from, std::string_view segment) {
  const auto next = static_cast<NodeId>(nodes_.size());
  NodeId found = nodes_[from].any;
  if (segment != "*") {
    found = edges_.try_emplace({from, segment}, next).first->second;
  } else if (found == kNone) {
    found = nodes_[from].any = next;
  }
  if (found == next) nodes_.emplace_back();
  return found;
}

PatternIds ScopeIndex::matching(std::string_view scope) const {
  PatternIds found;
  std::vector<NodeId> level{0};
  std::vector<NodeId> deeper;
  while (!scope.empty() && !level.empty()) {
    const auto segment = next_segment(scope);
    deeper.clear();
    for (const NodeId id : level) {
      const Node& node = nodes_[id];
      if (node.rest != kNone) found.push_back(node.rest);
      if (node.any != kNone) deeper.push_back(node.any);
      if (const auto edge = edges_.find({id, segment}); edge != edges_.end()) {
        deeper.push_back(edge->second);
      }
    }
    level.swap(deeper);
  }
  for (const NodeId id : level) {
    if (nodes_[id].ends != kNone) found.push_back(nodes_[id].ends);
  }
  std::ranges::sort(found);
  return found;
}

const Text* ScopeIndex::first_of(const List& list, const PatternIds& matching,
                                 const std::vector<Text>& texts) {
  std::uint32_t best = kNone;
  auto from = list.begin();
  for (const PatternId pattern : matching) {
    from = std::ranges::lower_bound(from, list.end(), pattern, {}, &Listed::pattern);
    if (from == list.end()) break;
    if (from->pattern == pattern) best = std::min(best, from->position);
  }
  return best == kNone ? nullptr : &texts[best];
}

const Text* ScopeIndex::allows(RoleId role, const PatternIds& matching) const {
  return first_of(allow_[role], matching, policy_->roles[role].scopes);
}

const Text* ScopeIndex::denies(RoleId role, const PatternIds& matching) const {
  return first_of(deny_[role], matching, policy_->roles[role].deny);
}

}  // namespace mcpauth::policy
