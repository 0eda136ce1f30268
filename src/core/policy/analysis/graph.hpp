#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

enum class NodeKind : std::uint8_t { group, role, scope, tool };
enum class EdgeKind : std::uint8_t { grant, inherits, allows, denies, matches, needed };

struct GraphNode {
  NodeKind kind;
  std::string name;
};

struct GraphEdge {
  std::size_t from;  ///< position in Graph::nodes
  std::size_t to;
  EdgeKind kind;
  std::string label = {};  ///< for a grant: the org and the expiry
};

/// A policy as it is written, from groups to tools: which groups are granted which roles, what
/// roles inherit, allow and deny, which scopes a pattern matches, and which tools need them.
struct Graph {
  std::vector<GraphNode> nodes = {};  ///< by kind, then in the order of the policy
  std::vector<GraphEdge> edges = {};
  /// False when there are too many patterns and scopes: then there are no edges of
  /// EdgeKind::matches.
  bool has_matches = true;
};

Graph graph_of(const policy::Policy& policy);

/// The graph in DOT, for Graphviz.
std::string to_dot(const Graph& graph);
/// The graph in the language of Mermaid.
std::string to_mermaid(const Graph& graph);
std::string_view name(NodeKind kind);
std::string_view name(EdgeKind kind);

}  // namespace mcpauth::policy::analysis
