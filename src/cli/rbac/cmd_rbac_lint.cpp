#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/output_file.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/frame/version.hpp"
#include "cli/rbac/lint_inputs.hpp"
#include "cli/rbac/lint_output.hpp"
#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/policy/lint/explain.hpp"
#include "core/policy/lint/format/totals.hpp"
#include "core/policy/lint/rules/catalogue.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  policy::lint::Selection selection;
  policy::lint::Inputs inputs;
  LintInputFiles input_files;
  std::vector<std::string> formats;
  std::string fail_on = "warning";
  std::string baseline;
  std::string explain;
  bool update_baseline = false;
  bool exit_zero = false;
  bool fix = false;
  bool unsafe_fixes = false;
  bool diff = false;
  bool statistics = false;
  bool list_rules = false;
};

Result<Exit> list_rules(Env& env) {
  if (env.globals.json) {
    print_json(env, policy::lint::list_rules_json());
  } else {
    env.out << policy::lint::list_rules();
  }
  return Exit::ok;
}

Result<Exit> explain(const std::string& name, Env& env) {
  TRY_VOID(policy::lint::check({.select = {name}, .ignore = {}}));
  const auto* rule = policy::lint::find_rule(name);
  if (rule == nullptr) {
    return Error{.code = Errc::usage,
                 .message = text::format("`{}` names several rules", name),
                 .hint = "see mcpauth rbac lint --list-rules"};
  }
  if (env.globals.json) {
    print_json(env, policy::lint::explain_json(*rule));
  } else {
    env.out << policy::lint::explain(*rule);
  }
  return Exit::ok;
}

Result<std::vector<policy::Reading>> read_all(const Options& options, Env& env) {
  TRY(const auto files, policy_paths(options.paths, env));
  std::vector<policy::Reading> readings;
  for (const auto& file : files) {
    TRY(auto reading, read_policy(file, env));
    readings.push_back(std::move(reading));
  }
  if (options.fix && !options.diff && std::ranges::find(files, "-") != files.end()) {
    return Error{.code = Errc::usage,
                 .message = "a policy from standard input cannot be fixed in place",
                 .hint = "name the file, or print a patch with --diff"};
  }
  return policy::lint::roots_of(std::move(readings));
}

std::vector<const policy::Reading*> pointers(const std::vector<policy::Reading>& readings) {
  std::vector<const policy::Reading*> out;
  for (const auto& reading : readings)
    out.push_back(&reading);
  return out;
}

std::vector<std::string> files_of(const std::vector<policy::Reading>& readings) {
  std::vector<std::string> files;
  for (const auto& reading : readings)
    files.push_back(reading.policy.file);
  return files;
}

Result<policy::lint::Baseline> baseline_of(const Options& options) {
  if (options.baseline.empty()) return policy::lint::Baseline{};
  constexpr std::size_t kMost = 64 << 20;
  const auto text = read_file(options.baseline, kMost);
  // The first time, there is no file yet.
  if (!text && text.error().code == Errc::not_found && options.update_baseline) {
    return policy::lint::Baseline{.file = options.baseline, .known = {}};
  }
  if (!text) return text.error();
  return policy::lint::parse_baseline(*text, options.baseline);
}

Result<void> save_baseline(const Options& options, const policy::lint::Outcome& outcome,
                           const policy::lint::Baseline& before, Env& env) {
  constexpr mode_t kReadable = 0644;
  const auto text = policy::lint::write_baseline(outcome.findings, before, env.now());
  TRY_VOID(write_output(text, options.baseline, {.mode = kReadable}));
  note(env, text::format("wrote {}", text::printable(options.baseline)));
  return {};
}

Exit exit_for(const policy::lint::Counts& counts, const Options& options) {
  if (options.exit_zero || options.fail_on == "never") return Exit::ok;
  auto bad = counts.errors;
  if (options.fail_on != "error") bad += counts.warnings;
  if (options.fail_on == "info") bad += counts.infos;
  return bad > 0 ? Exit::no : Exit::ok;
}

Result<void> check(const Options& options, const Env& env) {
  TRY_VOID(policy::lint::check(options.selection));
  std::string message;
  if (options.update_baseline && options.baseline.empty()) {
    message = "--update-baseline needs --baseline FILE";
  } else if (options.unsafe_fixes && !options.fix && !options.diff) {
    message = "--unsafe-fixes needs --fix or --diff";
  } else if (options.diff && (env.globals.json || !options.formats.empty() || options.statistics)) {
    message = "--diff prints a patch and cannot be combined with another format";
  } else if (options.statistics && (env.globals.json || !options.formats.empty())) {
    message = "--statistics prints a table and cannot be combined with another format";
  }
  if (message.empty()) return {};
  return Error{.code = Errc::usage, .message = message};
}

Result<Exit> report(const Options& options, const std::vector<policy::Reading>& readings,
                    std::chrono::nanoseconds begun, Env& env) {
  TRY(const auto outputs, lint_outputs(options.formats, env));
  TRY(const auto baseline, baseline_of(options));
  const auto list = pointers(readings);
  auto outcome = policy::lint::lint(list, options.inputs, options.selection, &baseline);
  if (options.update_baseline) {
    TRY_VOID(save_baseline(options, outcome, baseline, env));
    TRY(const auto renewed, baseline_of(options));
    outcome = policy::lint::lint(list, options.inputs, options.selection, &renewed);
  }
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(env.clock->ticks() - begun);
  const policy::lint::Document document{.readings = list,
                                        .findings = outcome.findings,
                                        .counts = outcome.counts,
                                        .notes = outcome.notes,
                                        .now = env.now(),
                                        .version = kVersionText,
                                        .took = took,
                                        .color = env.color_out};
  if (options.statistics) {
    env.out << policy::lint::statistics(document);
  } else {
    TRY_VOID(write_outputs(outputs, document, env));
  }
  return exit_for(outcome.counts, options);
}

Result<Exit> run(Options options, Env& env) {
  if (options.list_rules) return list_rules(env);
  if (!options.explain.empty()) return explain(options.explain, env);
  TRY_VOID(check(options, env));
  const auto begun = env.clock->ticks();
  options.inputs.now = env.now();
  TRY(auto readings, read_all(options, env));
  TRY_VOID(read_inputs(options.input_files, files_of(readings), options.inputs, env));
  if (!options.fix && !options.diff) return report(options, readings, begun, env);

  const auto unsafe = options.unsafe_fixes ? policy::lint::Unsafe::yes : policy::lint::Unsafe::no;
  auto result =
      policy::lint::apply_fixes(pointers(readings), options.inputs, options.selection, unsafe);
  print_fixes(result, !options.diff, env);
  const Rewrite rewrite{.before = result.before, .after = result.after};
  if (options.diff) {
    print_patch(rewrite, env);
    const auto outcome = policy::lint::lint(pointers(readings), options.inputs, options.selection);
    return exit_for(outcome.counts, options);
  }
  TRY_VOID(write_changed(rewrite));
  return report(options, result.readings, begun, env);
}

/// Takes "a,b" as well as repeated flags.
std::function<Result<void>(std::string_view)> add_to(std::vector<std::string>& list) {
  return [&list](std::string_view value) -> Result<void> {
    for (const auto part : text::split(value, ',')) {
      if (!part.empty()) list.emplace_back(part);
    }
    return {};
  };
}

void bind_selection(Spec& spec, const std::shared_ptr<Options>& options) {
  auto& selection = options->selection;
  spec.custom("--select", "RULE,…",
              "Report only these rules, given by name, code or start of a code, such as RB2",
              add_to(selection.select))
      .repeats = true;
  spec.custom("--ignore", "RULE,…", "Leave these rules out, even when --select names them",
              add_to(selection.ignore))
      .repeats = true;
  auto& least =
      spec.custom("--min-severity", "S", "Report no findings below this severity",
                  [options](std::string_view value) -> Result<void> {
                    options->selection.min_severity =
                        policy::lint::severity_named(value).value_or(policy::lint::Severity::info);
                    return {};
                  });
  least.choices = {"info", "warning", "error"};
  least.default_text = "info";
  auto& persona = spec.custom(
      "--persona", "P", "Which rules are active: pedantic adds stricter ones",
      [options](std::string_view value) -> Result<void> {
        options->selection.persona =
            value == "pedantic" ? policy::lint::Persona::pedantic : policy::lint::Persona::regular;
        return {};
      });
  persona.choices = {"regular", "pedantic"};
  persona.default_text = "regular";
}

void bind_inputs(Spec& spec, const std::shared_ptr<Options>& options) {
  spec.custom("--expiring", "DURATION", "Report grants that expire within this time",
              [options](std::string_view value) -> Result<void> {
                TRY(const auto duration, time::parse_duration(value));
                options->inputs.expiring = std::chrono::floor<std::chrono::days>(duration);
                return {};
              })
      .default_text = "30d";
  bind_tools(spec, options->input_files.tools);
  spec.value("--groups", "FILE", "All groups that exist: one idp:group a line, or a JSON array",
             options->input_files.groups)
      .completes = Completes::file;
  auto& lock = spec.value("--lock", "FILE", "The lock file that `rbac lock` wrote",
                          options->input_files.lock);
  lock.completes = Completes::file;
  lock.default_text = "with --tools, rbac.lock next to the policy";
}

void bind_output(Spec& spec, const std::shared_ptr<Options>& options) {
  spec.values(
      "--format", "NAME[:FILE]",
      "text, concise, json, sarif, github, gitlab, junit or checkstyle; at most one goes to "
      "stdout",
      options->formats);
  auto& fail_on = spec.value("--fail-on", "S", "Exit 1 for a finding of this severity or worse",
                             options->fail_on);
  fail_on.choices = {"error", "warning", "info", "never"};
  fail_on.default_text = "warning";
  spec.flag("--exit-zero", "Exit 0 even when there are findings", options->exit_zero);
  spec.flag("--statistics", "Print how often each rule found something instead of the findings",
            options->statistics);
  spec.value("--explain", "RULE", "Explain a rule, with examples, and exit", options->explain);
  spec.flag("--list-rules", "Print every rule and exit", options->list_rules);
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.arguments("PATHS", "Policies: files, folders with an rbac.toml, or -", options->paths)
      .completes = Completes::file;
  bind_selection(spec, options);
  bind_inputs(spec, options);
  spec.flag("--fix", "Apply the fixes that do not change what is permitted", options->fix);
  spec.flag("--unsafe-fixes",
            "With --fix or --diff, also apply fixes that may change what is permitted",
            options->unsafe_fixes);
  spec.flag("--diff", "Print what --fix would change as a patch; change nothing", options->diff);
  spec.value("--baseline", "FILE", "Accept the findings listed in this file; only others count",
             options->baseline)
      .completes = Completes::file;
  spec.flag("--update-baseline", "Write all current findings to the --baseline file",
            options->update_baseline);
  bind_output(spec, options);
  return [options](Env& env) { return run(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac lint", "check the policy of the configuration, or ./rbac.toml"},
    {"mcpauth rbac lint policy/ --fix", "apply the safe fixes and report the other findings"},
    {"mcpauth rbac lint rbac.toml --format text --format sarif:lint.sarif",
     "text for the log, SARIF for GitHub code scanning"},
};

}  // namespace

extern const Command kRbacLint;
constinit const Command kRbacLint = {
    .path = "rbac lint",
    .summary = "Find what is wrong, dangerous or useless in a policy",
    .description =
        "Checks a policy against rules about its shape, references, privilege, reach, orgs, time, "
        "names and hygiene. --list-rules prints the rules; --explain says why one matters. A "
        "comment "
        "`# mcpauth: ignore[rule] reason; until=2027-01-31` silences a rule in its own line or the "
        "next. The policy itself can set the level of a rule: [lint.rules.NAME] level = \"off\". "
        "Exits 1 when a finding is a warning or worse.\n\n"
        "A fault that makes a policy unusable is always reported, whatever is selected. A fix is "
        "applied only when every group in every org may do the same before and after, now and "
        "after "
        "each expiry; other fixes need --unsafe-fixes. Under GitHub Actions, without --format, "
        "annotations follow the text.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
