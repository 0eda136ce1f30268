#include <memory>

#include "cli/frame/command.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/rbac/explain_batch.hpp"
#include "cli/rbac/explain_output.hpp"
#include "cli/rbac/principals.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  PrincipalOptions who;
  std::string policy;
  std::string tool;
  std::string scope;
  bool batch = false;
  std::optional<std::string> source;
};

Error usage(std::string message, std::string hint) {
  return {.code = Errc::usage, .message = std::move(message), .hint = std::move(hint)};
}

Result<void> check(const Options& options) {
  if (options.batch) {
    if (!options.who.is_given() && options.tool.empty() && options.scope.empty()) return {};
    return usage("with --batch each line says who asks for what", "leave the other flags out");
  }
  if (options.source) {
    return usage("`" + *options.source + "` means nothing without --batch",
                 "give --tool, --scope or --batch");
  }
  if (options.tool.empty() == options.scope.empty()) {
    return usage(options.tool.empty() ? "nothing is asked about"
                                      : "a tool and a scope cannot be asked about at once",
                 "give --tool SERVER/TOOL or --scope S");
  }
  return {};
}

Result<Exit> explain(const Options& options, Env& env) {
  TRY_VOID(check(options));
  TRY(const auto engine, load_policy(options.policy, env));
  if (options.batch) return explain_batch(options.source.value_or("-"), engine, env);
  TRY(auto principal, principal_of(options.who, env));
  const policy::analysis::Question question{
      .principal = std::move(principal),
      .asked = options.tool.empty() ? options.scope : options.tool,
      .is_tool = !options.tool.empty()};
  const auto explanation = policy::analysis::explain(engine, question, env.now());
  const auto remedies = policy::analysis::remedies_for(engine, question, env.now());
  const auto suggestions = explanation.decision.allowed
                               ? Suggestions()
                               : policy::analysis::suggestions(engine.policy(), question);
  if (env.globals.json) {
    print_explanation_json(question, explanation, remedies, suggestions, env);
  } else {
    print_explanation(question, explanation, remedies, suggestions, env);
  }
  return explanation.decision.allowed ? Exit::ok : Exit::no;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  bind_principal(spec, options->who);
  spec.value("--tool", "SERVER/TOOL", "Tool asked about", options->tool).completes =
      Completes::tool;
  spec.value("-s,--scope", "S", "Scope asked about", options->scope);
  bind_policy(spec, options->policy);
  spec.flag("--batch", "A question per line in, a decision per line out, as JSON", options->batch);
  spec.argument("FILE", "Questions of --batch; default: stdin", options->source).completes =
      Completes::file;
  return [options](Env& env) { return explain(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac explain --group okta:HR --org acme --tool hr/set_salary",
     "why a group may or may not, and the smallest edits that would change it"},
    {"mcpauth rbac explain --token id.jwt --scope db:write:salary --policy rbac.toml",
     "the same for a real token"},
    {"mcpauth rbac explain --batch questions.jsonl >decisions.jsonl",
     "many decisions, one JSON object a line"},
};

}  // namespace

extern const Command kRbacExplain;
constinit const Command kRbacExplain = {
    .path = "rbac explain",
    .summary = "Say why somebody may call a tool, or what would allow it",
    .description =
        "Shows the decision, the rule it rests on with file and line, and every way from a group "
        "through grants and roles to each scope that is needed. For a denial it lists the smallest "
        "edits of the policy that would allow it, each judged by deciding under the edited policy, "
        "with whom else they would let in.\n\n"
        "With --batch each line of the input is a question such as "
        "{\"groups\":[\"okta:HR\"],\"org\":\"acme\",\"tool\":\"hr/get_employee\"} (or \"scope\" "
        "for "
        "\"tool\"), and is answered by a line, in order. A line that is no question is answered "
        "with "
        "an error, and the status is 3 at the end; else 1 when something was denied.",
    .examples = kExamples,
    .exits = "0 1 2 3 4",
    .bind = bind,
};

}  // namespace mcpauth::cli
