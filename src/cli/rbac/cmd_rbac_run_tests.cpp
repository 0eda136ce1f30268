#include <map>
#include <memory>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/rbac/suite_output.hpp"
#include "core/base/file.hpp"
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"
#include "core/policy/test/find.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string policy;
  std::string format;
  std::optional<unsigned> coverage_min;
  bool exit_zero = false;
};

/// A policy under test, and what the tests touch of it.
struct Subject {
  explicit Subject(policy::Engine made) : engine(std::move(made)) {}
  policy::Engine engine;
  policy::test::Coverage coverage{engine};
};

using Subjects = std::map<std::string, std::unique_ptr<Subject>>;

/// --policy, else the one that the suite names, else the configuration's.
Result<Subject*> subject_of(const policy::test::Suite& suite, const Options& options,
                            Subjects& subjects, Env& env) {
  std::string file = options.policy;
  if (file.empty() && suite.policy) {
    const auto folder = std::filesystem::path(suite.file).parent_path();
    file = (folder / suite.policy->value).lexically_normal().string();
  }
  auto& subject = subjects[file];
  if (subject != nullptr) return subject.get();
  TRY(auto engine, load_policy(file, env));
  subject = std::make_unique<Subject>(std::move(engine));
  return subject.get();
}

void add_coverage(TestReport& report, const Subjects& subjects) {
  std::size_t covered = 0;
  std::size_t total = 0;
  for (const auto& [file, subject] : subjects) {
    auto parts = subject->coverage.parts();
    if (report.coverage.empty()) report.coverage.resize(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      auto& sum = report.coverage[i];
      sum.what = parts[i].what;
      sum.covered += parts[i].covered;
      sum.total += parts[i].total;
      sum.missing.insert(sum.missing.end(), parts[i].missing.begin(), parts[i].missing.end());
      covered += parts[i].covered;
      total += parts[i].total;
    }
  }
  report.percent = policy::test::percent(covered, total);
}

Result<TestReport> run_all(const Options& options, Env& env) {
  const std::vector<std::string> here{"."};
  TRY(const auto files, policy::test::find_suites(options.paths.empty() ? here : options.paths));
  TestReport report;
  Subjects subjects;
  for (const auto& file : files) {
    TRY(const auto text, read_file(file));
    TRY(const auto suite, policy::test::parse_suite(text, file.string()));
    TRY(auto* const subject, subject_of(suite, options, subjects, env));
    auto outcomes = policy::test::run(suite, subject->engine, env.now(), subject->coverage);
    if (outcomes.empty()) {
      return Error{.code = Errc::not_found,
                   .message = "there is no test in " + text::quoted(file.string()),
                   .hint = "write a [[test]] or an [[invariant]], or delete the file"};
    }
    for (const auto& outcome : outcomes)
      ++(outcome.failures.empty() ? report.passed : report.failed);
    report.suites.push_back({.file = file.string(), .outcomes = std::move(outcomes)});
  }
  add_coverage(report, subjects);
  return report;
}

void print(const TestReport& report, const Options& options, Env& env) {
  if (options.format == "tap") {
    print_tests_tap(report, env);
  } else if (options.format == "junit") {
    print_tests_junit(report, env);
  } else if (options.format == "json" || (options.format.empty() && env.globals.json)) {
    print_tests_json(report, env);
  } else {
    print_tests(report, env);
  }
}

Result<Exit> test(const Options& options, Env& env) {
  TRY(const auto report, run_all(options, env));
  print(report, options, env);
  const bool is_thin = report.percent < options.coverage_min.value_or(0);
  if (is_thin) {
    warn(env, "coverage is " + std::to_string(report.percent) + "%, less than the " +
                  std::to_string(*options.coverage_min) + "% asked for");
  }
  return (report.failed > 0 || is_thin) && !options.exit_zero ? Exit::no : Exit::ok;
}

Result<void> take_minimum(Options& options, std::string_view text) {
  options.coverage_min = parse_number<unsigned>(text);
  if (options.coverage_min && *options.coverage_min <= 100) return {};
  return Error{.code = Errc::usage,
               .message = "`" + std::string(text) + "` is no percentage",
               .hint = "a whole number from 0 to 100"};
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.arguments("PATHS", "Test files, or folders of *_test.toml; default: the current folder",
                 options->paths)
      .completes = Completes::file;
  spec.value("--policy", "FILE",
             "Policy to test; default: the one that the test file names, else "
             "[policy] file, else rbac.toml",
             options->policy)
      .completes = Completes::file;
  auto& format = spec.value("-f,--format", "FORMAT", "How the outcome is printed", options->format);
  format.choices = {"text", "tap", "junit", "json"};
  format.default_text = "text";
  spec.custom("--coverage-min", "PERCENT", "Fail when less of the policy is covered",
              [options](std::string_view text) { return take_minimum(*options, text); });
  spec.flag("--exit-zero", "Exit 0 whatever fails", options->exit_zero);
  return [options](Env& env) { return test(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac test", "run every *_test.toml below the current folder"},
    {"mcpauth rbac test policy --coverage-min 90 --format junit -o report.xml",
     "in a pipeline, with a report for it"},
};

}  // namespace

extern const Command kRbacTest;
constinit const Command kRbacTest = {
    .path = "rbac test",
    .summary = "Run the tests of a policy",
    .description =
        "Runs every [[test]] (who may and may not do what) and every [[invariant]] (what nobody "
        "may "
        "be able to, over all principals there can be) of the files whose names end in _test.toml; "
        "see docs/formats/policy-tests.md. A failure comes with how it was decided and the nearest "
        "change of the policy that would mend it.\n\n"
        "Coverage counts the roles held by those who are tested, the scopes and tools asked about "
        "and "
        "the denies that decided, rounded down. Exits 1 when something fails or less is covered "
        "than "
        "--coverage-min asks for.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
