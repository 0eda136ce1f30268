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
  std::string label = {};  ///< of a grant: the org and the expiry
};

/// A policy as written, from groups to tools: who is granted which role, what roles inherit, allow
/// and deny, which scopes a pattern matches, and which tool needs them.
struct Graph {
  std::vector<GraphNode> nodes = {};  ///< by kind, then as they come in the policy
  std::vector<GraphEdge> edges = {};
  /// False when there are too many patterns and scopes to say which match: then no such edge is
  /// here.
  bool has_matches = true;
};

Graph graph_of(const policy::Policy& policy);

/// The graph for Graphviz, from left to right.
std::string to_dot(const Graph& graph);
/// The graph for Mermaid.
std::string to_mermaid(const Graph& graph);
/// One page that needs nothing else and asks for nothing: a drawing whose nodes lead to tables with
/// the same content, so that it can be read with a keyboard and by ear. Without scripts. A graph
/// too large to be seen is not drawn.
std::string to_html(const Graph& graph, std::string_view title);

std::string_view name(NodeKind kind);
std::string_view name(EdgeKind kind);

}  // namespace mcpauth::policy::analysis
