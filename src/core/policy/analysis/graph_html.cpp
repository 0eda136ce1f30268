#include "core/policy/analysis/graph_html.hpp"

#include <algorithm>
#include <array>

#include "core/codec/format.hpp"
#include "core/codec/html.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::policy::analysis {
namespace {

using html::escaped;

constexpr std::size_t kMostDrawn = 120;  // nodes of one kind
constexpr std::array<NodeKind, 4> kKinds = {NodeKind::group, NodeKind::role, NodeKind::scope,
                                            NodeKind::tool};
constexpr std::array<std::string_view, 4> kTitles = {"Groups", "Roles", "Scopes and patterns",
                                                     "Tools"};

constexpr std::string_view kStyle =
#include "core/policy/analysis/graph_style.inc"
    ;

/// A name that fits a column of the drawing; cut between characters.
std::string shortened(std::string_view name) {
  constexpr std::size_t kMost = 30;
  const std::string whole = text::printable(name);
  if (whole.size() <= kMost) return escaped(name);
  std::size_t end = 0;
  while (end < kMost - 1) {
    const auto step = text::decode(std::string_view(whole).substr(end)).length;
    if (step == 0 || end + step > kMost - 1) break;
    end += step;
  }
  return escaped(whole.substr(0, end)) + "…";
}

class Page {
 public:
  Page(const Graph& graph, std::string_view title)
      : graph_(graph), title_(title), out_(graph.nodes.size()), in_(graph.nodes.size()) {
    for (std::size_t i = 0; i < graph.edges.size(); ++i) {
      out_[graph.edges[i].from].push_back(i);
      in_[graph.edges[i].to].push_back(i);
    }
  }

  std::string run() {
    html_ += html::page_start(
        {.title = title_, .style = kStyle, .skip_to = "tables", .skip_text = "Skip the drawing"});
    html_ += "<header><h1>" + escaped(title_) +
             "</h1>\n<p>Who is granted what, as it is written: groups "
             "hold roles, roles allow and deny scopes, tools need scopes. A deny beats every "
             "allow.</p></header>\n<main>\n";
    if (can_draw()) {
      draw();
    } else {
      html_ += "<p>The policy is too large to be drawn; the tables have all of it.</p>\n";
    }
    html_ += "<section id=\"tables\" aria-label=\"Tables\">\n";
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind)
      table(kKinds[kind], kTitles[kind]);
    html_ += "</section>\n</main>\n";
    html_ += html::kPageEnd;
    return std::move(html_);
  }

 private:
  static constexpr std::size_t kColumn = 290;
  static constexpr std::size_t kRow = 30;
  static constexpr std::size_t kWidth = 230;

  struct Spot {
    std::size_t x = 0;
    std::size_t y = 0;
    std::size_t end = 0;  ///< about where its name ends
  };

  bool can_draw() const {
    return std::ranges::all_of(kKinds, [&](NodeKind kind) {
      return static_cast<std::size_t>(std::ranges::count(graph_.nodes, kind, &GraphNode::kind)) <=
             kMostDrawn;
    });
  }

  void draw() {
    std::vector<Spot> spots(graph_.nodes.size());
    std::array<std::size_t, 4> rows{};
    for (std::size_t i = 0; i < spots.size(); ++i) {
      const auto kind = static_cast<std::size_t>(graph_.nodes[i].kind);
      const auto characters = static_cast<std::size_t>(
          std::ranges::count_if(text::printable(graph_.nodes[i].name),
                                [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
      spots[i] = {.x = 12 + kind * kColumn, .y = 60 + kRow * rows[kind]++};
      spots[i].end = spots[i].x + std::min(kWidth, characters * 8 + 10);
    }
    const auto height = 60 + kRow * *std::ranges::max_element(rows);
    html_ +=
        "<section aria-labelledby=\"drawn\">\n<h2 id=\"drawn\">Drawing</h2>\n<p>Each name leads to "
        "its row "
        "in the tables below, which say the same. Dashed red lines are denies.</p>\n<div "
        "class=\"drawing\" tabindex=\"0\" role=\"region\" aria-label=\"Drawing of the policy\">\n"
        "<svg";
    html_ += text::format(" width=\"{}\" height=\"{}\">\n", 3 * kColumn + kWidth + 24, height);
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
      html_ += text::format("<text class=\"head\" x=\"{}\" y=\"28\">{}</text>\n",
                            12 + kind * kColumn, kTitles[kind]);
    }
    for (const auto& edge : graph_.edges)
      line(edge, spots[edge.from], spots[edge.to]);
    for (std::size_t i = 0; i < spots.size(); ++i) {
      html_ += text::format("<a href=\"#n{}\"><text x=\"{}\" y=\"{}\">{}</text></a>\n", i,
                            spots[i].x, spots[i].y, shortened(graph_.nodes[i].name));
    }
    html_ += "</svg>\n</div>\n</section>\n";
  }

  /// A line within one column bends around the right side of the names.
  void line(const GraphEdge& edge, const Spot& from, const Spot& to) {
    const bool same = from.x == to.x;
    const auto x1 = from.end;
    const auto x2 = same ? to.end : to.x - 8;
    const auto bend = std::max(x1, x2) + 40;
    const auto c1 = same ? bend : (x1 + x2) / 2;
    const auto c2 = same ? bend : c1;
    const std::string_view kind = edge.kind == EdgeKind::denies    ? "denies"
                                  : edge.kind == EdgeKind::matches ? "matches"
                                                                   : "plain";
    html_ += text::format("<path class=\"{}\" d=\"M{} {}C{} {} {} {} {} {}\"/>\n", kind, x1,
                          from.y - 4, c1, from.y - 4, c2, to.y - 4, x2, to.y - 4);
  }

  void table(NodeKind kind, std::string_view title) {
    html_ += text::format(
        "<table>\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th><th "
        "scope=\"col\">leads to</th><th scope=\"col\">reached from</th></tr></thead>\n<tbody>\n",
        title, name(kind));
    bool any = false;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (graph_.nodes[i].kind != kind) continue;
      any = true;
      html_ += text::format("<tr id=\"n{}\"><th scope=\"row\">{}</th><td>", i,
                            escaped(graph_.nodes[i].name));
      list(out_[i], true);
      html_ += "</td><td>";
      list(in_[i], false);
      html_ += "</td></tr>\n";
    }
    if (!any) html_ += "<tr><td colspan=\"3\">none</td></tr>\n";
    html_ += "</tbody>\n</table>\n";
  }

  void list(const std::vector<std::size_t>& edges, bool is_out) {
    if (edges.empty()) return;
    html_ += "<ul>";
    for (const auto at : edges) {
      const auto& edge = graph_.edges[at];
      const auto other = is_out ? edge.to : edge.from;
      const std::string link =
          text::format("<a href=\"#n{}\">{}</a>", other, escaped(graph_.nodes[other].name));
      const std::string verb = edge.kind == EdgeKind::denies
                                   ? "<strong class=\"deny\">denies</strong>"
                                   : std::string(name(edge.kind));
      html_ += text::format("<li>{} {}", is_out ? verb : link, is_out ? link : verb);
      if (!edge.label.empty()) html_ += text::format(" ({})", escaped(edge.label));
      html_ += "</li>";
    }
    html_ += "</ul>";
  }

  const Graph& graph_;
  std::string_view title_;
  std::vector<std::vector<std::size_t>> out_;  // edges by node
  std::vector<std::vector<std::size_t>> in_;
  std::string html_;
};

}  // namespace

std::string to_html(const Graph& graph, std::string_view title) {
  return Page(graph, title).run();
}

}  // namespace mcpauth::policy::analysis
