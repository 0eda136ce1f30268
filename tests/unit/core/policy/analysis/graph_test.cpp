#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "core/policy/analysis/graph_html.hpp"

using namespace mcpauth;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

policy::analysis::Graph graph(const std::string& text) {
  const auto policy = policy::parse("version = 1\n" + text, "rbac.toml");
  REQUIRE(policy);
  return policy::analysis::graph_of(*policy);
}

const std::string kPolicy =
    "[tools]\n\"hr/get\" = [\"hr:read\"]\n[roles.a]\nscopes = [\"hr:*\"]\n[roles.b]\ninherits = "
    "[\"a\"]\ndeny = [\"hr:read\"]\n[[grant]]\nrole = \"b\"\ngroups = "
    "[\"okta:<script>\\\"]x\"]\norg = "
    "\"acme\"\n";

}  // namespace

TEST_CASE("analysis/graph: everything from groups to tools is a node or an edge") {
  const auto found = graph(kPolicy);
  CHECK(found.nodes.size() == 6);
  CHECK(found.edges.size() == 6);
  for (const auto kind :
       {policy::analysis::EdgeKind::grant, policy::analysis::EdgeKind::inherits,
        policy::analysis::EdgeKind::allows, policy::analysis::EdgeKind::denies,
        policy::analysis::EdgeKind::matches, policy::analysis::EdgeKind::needed}) {
    CHECK(std::ranges::count(found.edges, kind, &policy::analysis::GraphEdge::kind) == 1);
  }
}

TEST_CASE("analysis/graph: names cannot break out of any format") {
  const auto found = graph(kPolicy);
  const auto dot = policy::analysis::to_dot(found);
  CHECK(has(dot, "label=\"okta:<script>\\\"]x\""));
  CHECK(has(dot, "label=\"acme\""));
  const auto mermaid = policy::analysis::to_mermaid(found);
  CHECK(has(mermaid, "n0[\"okta:#60;script#62;#34;#93;x\"]"));
  const auto html = policy::analysis::to_html(found, "<b>");
  CHECK(has(html, "<title>&lt;b&gt;</title>"));
  CHECK(has(html, "okta:&lt;script&gt;&quot;]x"));
  CHECK_FALSE(has(html, "<script"));
}

TEST_CASE("analysis/graph: the page loads nothing, and every link has a target") {
  const auto html = policy::analysis::to_html(graph(kPolicy), "rbac.toml");
  CHECK(has(html, "content=\"default-src 'none'; "));
  CHECK_FALSE(has(html, "http:"));
  CHECK_FALSE(has(html, "https:"));
  CHECK_FALSE(has(html, "url("));
  for (std::size_t at = html.find("href=\"#"); at != std::string::npos;
       at = html.find("href=\"#", at + 1)) {
    const auto id = html.substr(at + 7, html.find('"', at + 7) - at - 7);
    CHECK(has(html, "id=\"" + id + "\""));
  }
}

TEST_CASE("analysis/graph: a graph that is too large to be seen is in the tables only") {
  std::string text = "[roles.r]\n";
  for (int i = 0; i < 200; ++i)
    text += "[[grant]]\nrole = \"r\"\ngroups = [\"okta:" + std::to_string(i) + "\"]\n";
  const auto html = policy::analysis::to_html(graph(text), "rbac.toml");
  CHECK_FALSE(has(html, "<svg"));
  CHECK(has(html, "okta:199"));
}
