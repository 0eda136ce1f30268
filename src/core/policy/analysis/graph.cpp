#include "core/policy/analysis/graph.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/policy/analysis/witness_scopes.hpp"
#include "core/policy/engine/pattern.hpp"

namespace mcpauth::policy::analysis {
namespace {

using policy::Policy;

/// Adds the nodes, then the edges between them.
class GraphBuilder {
 public:
  explicit GraphBuilder(const Policy& policy) : policy_(policy) {}

  Graph run() {
    for (const auto& grant : policy_.grants) {
      for (const auto& group : grant.groups)
        node(NodeKind::group, group.value);
    }
    for (const auto& role : policy_.roles)
      node(NodeKind::role, role.name.value);
    for (const auto& role : policy_.roles) {
      for (const auto* list : {&role.scopes, &role.deny}) {
        for (const auto& pattern : *list)
          node(NodeKind::scope, pattern.value);
      }
    }
    for (const auto& tool : policy_.tools) {
      for (const auto& need : tool.needs)
        node(NodeKind::scope, need.value);
    }
    for (const auto& tool : policy_.tools)
      node(NodeKind::tool, tool.pattern.value);
    add_edges();
    add_matches();
    return std::move(graph_);
  }

 private:
  std::size_t node(NodeKind kind, const std::string& name) {
    const auto [found, is_new] = ids_.try_emplace({kind, name}, graph_.nodes.size());
    if (is_new) graph_.nodes.push_back({kind, name});
    return found->second;
  }

  void add_edges() {
    for (const auto& grant : policy_.grants) {
      std::string label = grant.org ? grant.org->value : std::string("every org");
      if (grant.until) label += text::format(", until {}", time::format_instant(*grant.until));
      for (const auto& group : grant.groups)
        edge(NodeKind::group, group.value, NodeKind::role, grant.role.value, EdgeKind::grant,
             label);
    }
    for (const auto& role : policy_.roles) {
      for (const auto& parent : role.inherits)
        edge(NodeKind::role, role.name.value, NodeKind::role, parent.value, EdgeKind::inherits);
      for (const auto& pattern : role.scopes)
        edge(NodeKind::role, role.name.value, NodeKind::scope, pattern.value, EdgeKind::allows);
      for (const auto& pattern : role.deny)
        edge(NodeKind::role, role.name.value, NodeKind::scope, pattern.value, EdgeKind::denies);
    }
    for (const auto& tool : policy_.tools) {
      for (const auto& need : tool.needs)
        edge(NodeKind::scope, need.value, NodeKind::tool, tool.pattern.value, EdgeKind::needed);
    }
  }

  void add_matches() {
    std::vector<std::size_t> patterns;
    std::vector<std::size_t> scopes;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (graph_.nodes[i].kind != NodeKind::scope) continue;
      (policy::is_concrete(graph_.nodes[i].name) ? scopes : patterns).push_back(i);
    }
    constexpr std::size_t kMost = 2'000'000;
    graph_.has_matches = patterns.size() * scopes.size() <= kMost;
    if (!graph_.has_matches) return;
    for (const auto pattern : patterns) {
      for (const auto scope : scopes) {
        if (policy::scope_matches(graph_.nodes[pattern].name, graph_.nodes[scope].name))
          graph_.edges.push_back({pattern, scope, EdgeKind::matches});
      }
    }
  }

  void edge(NodeKind from_kind, const std::string& from, NodeKind to_kind, const std::string& to,
            EdgeKind kind, std::string label = {}) {
    graph_.edges.push_back({node(from_kind, from), node(to_kind, to), kind, std::move(label)});
  }

  const Policy& policy_;
  Graph graph_;
  std::map<std::pair<NodeKind, std::string>, std::size_t> ids_;
};

std::string dot_quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : text::printable(name)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/// Each character that may have a meaning in Mermaid becomes a numeric entity.
std::string mermaid_quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : text::printable(name)) {
    const bool is_plain = text::is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                          static_cast<unsigned char>(c) >= 0x80 || c == ' ' || c == '-' ||
                          c == '.' || c == ':' || c == '_' || c == '/' || c == ',';
    out += is_plain ? std::string(1, c) : text::format("#{};", static_cast<unsigned char>(c));
  }
  return out + "\"";
}

}  // namespace

Graph graph_of(const Policy& policy) {
  return GraphBuilder(policy).run();
}

std::string_view name(NodeKind kind) {
  constexpr std::array<std::string_view, 4> kNames = {"group", "role", "scope", "tool"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name(EdgeKind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"is granted", "inherits", "allows",
                                                      "denies",     "matches",  "is needed by"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string to_dot(const Graph& graph) {
  constexpr std::array<std::string_view, 4> kShapes = {"box", "ellipse", "plaintext", "component"};
  std::string out = "digraph policy {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    out += text::format("  n{} [label={}, shape={}];\n", i, dot_quoted(node.name),
                        kShapes[static_cast<std::size_t>(node.kind)]);
  }
  for (const auto& edge : graph.edges) {
    const auto label = edge.label.empty() ? name(edge.kind) : std::string_view(edge.label);
    out += text::format("  n{} -> n{} [label={}", edge.from, edge.to, dot_quoted(label));
    if (edge.kind == EdgeKind::denies) out += ", color=red, fontcolor=red";
    if (edge.kind == EdgeKind::matches) out += ", style=dotted";
    out += "];\n";
  }
  return out + "}\n";
}

std::string to_mermaid(const Graph& graph) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kBrackets = {
      {{"[", "]"}, {"([", "])"}, {">", "]"}, {"[[", "]]"}}};
  std::string out = "flowchart LR\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    const auto& [open, close] = kBrackets[static_cast<std::size_t>(node.kind)];
    out += text::format("  n{}{}{}{}\n", i, open, mermaid_quoted(node.name), close);
  }
  for (const auto& edge : graph.edges) {
    const bool is_dotted = edge.kind == EdgeKind::denies || edge.kind == EdgeKind::matches;
    const auto label = edge.label.empty() ? name(edge.kind) : std::string_view(edge.label);
    out += text::format("  n{} {}|{}| n{}\n", edge.from, is_dotted ? "-.->" : "-->",
                        mermaid_quoted(label), edge.to);
  }
  return out;
}

}  // namespace mcpauth::policy::analysis
