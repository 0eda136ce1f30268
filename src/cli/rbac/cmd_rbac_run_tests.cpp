#include <map>
#include <memory>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/policy_files.hpp"
#include "cli/rbac/suite_output.hpp"
#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
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

/// A policy under test, and how much of it the tests cover.
struct Subject {
  explicit Subject(policy::Engine made) : engine(std::move(made)) {}
  policy::Engine engine;
  policy::test::Coverage coverage{engine};
};

using Subjects = std::map<std::string, std::unique_ptr<Subject>>;

/// The policy of --policy, else the one that the suite names, else the configured one.
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
                   .message = text::format("there is no test in `{}`", file.string()),
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
    warn(env, text::format("coverage is {}%, less than the {}% of --coverage-min", report.percent,
                           *options.coverage_min));
  }
  return (report.failed > 0 || is_thin) && !options.exit_zero ? Exit::no : Exit::ok;
}

Result<void> parse_minimum(Options& options, std::string_view text) {
  options.coverage_min = parse_number<unsigned>(text);
  if (options.coverage_min && *options.coverage_min <= 100) return {};
  return Error{.code = Errc::usage,
               .message = text::format("`{}` is not a percentage", text),
               .hint = "give a whole number from 0 to 100"};
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.arguments("PATHS", "Test files, or folders of *_test.toml; default: the current folder",
                 options->paths)
      .completes = Completes::file;
  spec.value("--policy", "FILE",
             "Policy to test; default: the one named in the test file, else "
             "[policy] file, else rbac.toml",
             options->policy)
      .completes = Completes::file;
  auto& format = spec.value("-f,--format", "FORMAT", "Output format", options->format);
  format.choices = {"text", "tap", "junit", "json"};
  format.default_text = "text";
  spec.custom("--coverage-min", "PERCENT", "Fail when the tests cover less of the policy",
              [options](std::string_view text) { return parse_minimum(*options, text); });
  spec.flag("--exit-zero", "Exit 0 even when a test fails", options->exit_zero);
  return [options](Env& env) { return test(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth rbac test", "run every *_test.toml below the current folder"},
    {"mcpauth rbac test policy --coverage-min 90 --format junit -o report.xml",
     "in CI, with a JUnit report"},
};

}  // namespace

extern const Command kRbacTest;
constinit const Command kRbacTest = {
    .path = "rbac test",
    .summary = "Run the tests of a policy",
    .description =
        "Runs every [[test]] (what a principal may and may not do) and every [[invariant]] (what "
        "no "
        "possible principal may do) in the files whose names end in _test.toml; see "
        "docs/formats/policy-tests.md. A failure shows how the decision was made and the nearest "
        "change to the policy that would fix it.\n\n"
        "Coverage counts the roles that the tested principals hold, the scopes and tools asked "
        "about, and the denies that decided; it is rounded down. Exits 1 when a test fails or the "
        "coverage is below --coverage-min.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
