#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/policy/engine/inheritance.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy {

/// A number for each different scope pattern of the policy.
using PatternId = std::uint32_t;
/// Numbers of patterns, ascending.
using PatternIds = std::vector<PatternId>;

/// All scope patterns of the roles, in a tree of their segments. The patterns that match a scope
/// are found without trying each. The policy must outlive it.
class ScopeIndex {
 public:
  explicit ScopeIndex(const Policy& policy);

  /// Every pattern of the policy that matches the concrete scope.
  PatternIds matching(std::string_view scope) const;

  /// The first of the role's own patterns that is in `matching`, or null. `allows` looks in its
  /// `scopes`, `denies` in its `deny`.
  const Text* allows(RoleId role, const PatternIds& matching) const;
  const Text* denies(RoleId role, const PatternIds& matching) const;

  /// The number of different patterns.
  std::size_t size() const { return patterns_; }
  /// Calls `visit` with each pattern that the role itself allows or denies.
  template <class Visit>
  void each_allow(RoleId role, Visit visit) const {
    for (const auto& listed : allow_[role])
      visit(listed.pattern);
  }
  template <class Visit>
  void each_deny(RoleId role, Visit visit) const {
    for (const auto& listed : deny_[role])
      visit(listed.pattern);
  }

 private:
  using NodeId = std::uint32_t;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  struct Node {
    NodeId any = kNone;      ///< the node after `*`
    PatternId ends = kNone;  ///< the pattern that ends here
    PatternId rest = kNone;  ///< the pattern that ends in `**` here
  };
  struct Edge {
    NodeId from;
    std::string_view segment;
    bool operator==(const Edge&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Edge& edge) const {
      return std::hash<std::string_view>{}(edge.segment) ^ (edge.from * 0x9E3779B97F4A7C15U);
    }
  };
  struct Listed {
    PatternId pattern;
    std::uint32_t position;  ///< in the role's list
  };
  using List = std::vector<Listed>;  ///< by pattern, each once

  PatternId intern(std::string_view pattern);
  NodeId child(NodeId from, std::string_view segment);
  List listed(const std::vector<Text>& patterns);
  static const Text* first_of(const List& list, const PatternIds& matching,
                              const std::vector<Text>& texts);

  const Policy* policy_;
  std::vector<Node> nodes_{1};
  std::unordered_map<Edge, NodeId, Hash> edges_;
  PatternId patterns_ = 0;
  std::vector<List> allow_;
  std::vector<List> deny_;
};

}  // namespace mcpauth::policy
