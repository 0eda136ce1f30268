#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/rbac/principals.hpp"
#include "core/policy/analysis/graph_html.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string policy;
  bool dot = false;
  bool mermaid = false;
  bool html = false;
};

Result<Exit> graph(const Options& options, Env& env) {
  if (options.dot + options.mermaid + options.html != 1) {
    return Error{.code = Errc::usage,
                 .message = "a graph needs exactly one format",
                 .hint = "give --dot, --mermaid or --html"};
  }
  TRY(const auto engine, load_policy(options.policy, env));
  const auto graph = policy::analysis::graph_of(engine.policy());
  if (!graph.has_matches)
    note(env, "there are too many scopes and patterns to draw which ones match");
  env.out << (options.dot       ? policy::analysis::to_dot(graph)
              : options.mermaid ? policy::analysis::to_mermaid(graph)
                                : policy::analysis::to_html(graph, engine.policy().file));
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.flag("--dot", "Write DOT, for Graphviz", options->dot);
  spec.flag("--mermaid", "Write Mermaid, as in Markdown on GitHub and GitLab", options->mermaid);
  spec.flag("--html", "Write one HTML page that needs no other file", options->html);
  bind_policy(spec, options->policy);
  return [options](Env& env) { return graph(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac graph --html -o policy.html", "a page for a reviewer"},
    {"mcpauth rbac graph --dot | dot -Tsvg >policy.svg", "an image drawn by Graphviz"},
};

}  // namespace

extern const Command kRbacGraph;
constinit const Command kRbacGraph = {
    .path = "rbac graph",
    .summary = "Draw a policy",
    .description =
        "Draws the policy as it is written: which groups are granted which roles and where, what "
        "roles inherit, allow and deny, which scopes a pattern matches, and which tools need them. "
        "The page of --html has no scripts and loads nothing. Its tables say the same as the "
        "drawing, for those who cannot see it.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
