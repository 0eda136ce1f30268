#include <memory>

#include "cli/frame/command.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/rbac/explain_batch.hpp"
#include "cli/rbac/explain_output.hpp"
#include "cli/rbac/principals.hpp"
#include "core/codec/format.hpp"

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
    return usage("with --batch, each line says who asks for what", "leave the other flags out");
  }
  if (options.source) {
    return usage(text::format("`{}` has no meaning without --batch", *options.source),
                 "give --tool, --scope or --batch");
  }
  if (options.tool.empty() == options.scope.empty()) {
    return usage(options.tool.empty() ? "no tool and no scope is given"
                                      : "--tool and --scope cannot be combined",
                 "give one of them: --tool SERVER/TOOL or --scope S");
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
  spec.value("--tool", "SERVER/TOOL", "The tool to ask about", options->tool).completes =
      Completes::tool;
  spec.value("-s,--scope", "S", "The scope to ask about", options->scope);
  bind_policy(spec, options->policy);
  spec.flag("--batch", "Read a question per line and write a decision per line, as JSON",
            options->batch);
  spec.argument("FILE", "Questions for --batch; default: stdin", options->source).completes =
      Completes::file;
  return [options](Env& env) { return explain(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac explain --group okta:HR --org acme --tool hr/set_salary",
     "why a group may or may not, and the smallest edits that would allow it"},
    {"mcpauth rbac explain --token id.jwt --scope db:write:salary --policy rbac.toml",
     "the same for a real token"},
    {"mcpauth rbac explain --batch questions.jsonl >decisions.jsonl",
     "many decisions, one JSON object per line"},
};

}  // namespace

extern const Command kRbacExplain;
constinit const Command kRbacExplain = {
    .path = "rbac explain",
    .summary = "Show why a call is allowed or denied",
    .description =
        "Shows the decision, the rule that made it with its file and line, and every way from a "
        "group through grants and roles to each scope that is needed. For a denial it lists the "
        "smallest edits to the policy that would allow it. Each edit is tried: mcpauth decides "
        "again under the edited policy, and says who else would be let in.\n\n"
        "With --batch, each line of the input is a question such as "
        "{\"groups\":[\"okta:HR\"],\"org\":\"acme\",\"tool\":\"hr/get_employee\"} (or "
        "\"scope\" in place of \"tool\"). Each is answered by one line, in order. A line that is "
        "not a question is answered with an error, and the exit status is 3 at the end. Otherwise "
        "it is 1 when anything was denied.",
    .examples = kExamples,
    .exits = "0 1 2 3 4",
    .bind = bind,
};

}  // namespace mcpauth::cli
