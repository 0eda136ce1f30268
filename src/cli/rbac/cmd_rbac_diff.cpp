#include <memory>

#include "cli/frame/command.hpp"
#include "cli/rbac/diff_output.hpp"
#include "cli/rbac/revisions.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string before;
  std::string after;
  std::string format;
  bool fail_on_gain = false;
};

Exit status_of(const policy::analysis::DifferenceOverTime& difference, bool fail_on_gain) {
  if (difference.has_gain() || (difference.has_loss() && !fail_on_gain)) return Exit::no;
  return difference.now.unsure.empty() ? Exit::ok : Exit::failure;
}

Result<Exit> diff(const Options& options, Env& env) {
  if (options.before == "-" && options.after == "-") {
    return Error{.code = Errc::usage, .message = "stdin is asked for twice"};
  }
  TRY(const auto before, policy_at(options.before, env));
  TRY(const auto after, policy_at(options.after, env));
  const auto difference = policy::analysis::diff_over_time(before, after, env.now());
  const DiffNames names{.before = options.before, .after = options.after};
  const bool is_json = options.format == "json" || (options.format.empty() && env.globals.json);
  if (is_json) {
    print_difference_json(difference, names, env);
  } else if (options.format == "markdown") {
    print_difference_markdown(difference, names, env);
  } else {
    print_difference(difference, names, env);
  }
  return status_of(difference, options.fail_on_gain);
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("OLD", "Policy before: a file, - or a git REV:PATH", options->before).completes =
      Completes::file;
  spec.argument("NEW", "Policy after: a file, - or a git REV:PATH", options->after).completes =
      Completes::file;
  auto& format = spec.value("-f,--format", "FORMAT", "Output format", options->format);
  format.choices = {"text", "json", "markdown"};
  format.default_text = "text";
  spec.flag("--fail-on-gain", "Exit 1 only when anybody gains something", options->fail_on_gain);
  return [options](Env& env) { return diff(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac diff main:rbac.toml rbac.toml",
     "who may do what after a change, before it is merged"},
    {"mcpauth rbac diff --fail-on-gain --format markdown origin/main:rbac.toml rbac.toml",
     "in a pull request: fail when anybody gains, and list who in a comment"},
};

}  // namespace

extern const Command kRbacDiff;
constinit const Command kRbacDiff = {
    .path = "rbac diff",
    .summary = "Show who gains and who loses what between two policies",
    .description =
        "Compares what two policies permit, not how they are written: for every group in every "
        "org, for groups that gain or lose only in combination, and for every tool, every scope "
        "and the lifetime of tokens. It compares at the time of --now and after each later expiry "
        "of a grant. A change of lifetime is reported for those who hold a role both before and "
        "after. When the policies are too large to compare everything, the answer says so and is "
        "never \"equivalent\".\n\n"
        "Exits 0 when the policies are equivalent and 1 when they differ; with --fail-on-gain, 1 "
        "only when anybody gains something. Exits 3 when no difference was found but not "
        "everything could be compared.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
