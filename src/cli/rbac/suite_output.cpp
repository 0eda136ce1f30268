#include "cli/rbac/suite_output.hpp"

#include <algorithm>
#include <ostream>

#include "cli/frame/output.hpp"
#include "core/codec/format.hpp"
#include "core/codec/html.hpp"
#include "core/codec/json.hpp"
#include "core/codec/list.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"
#include "core/policy/analysis/answer.hpp"

namespace mcpauth::cli {
namespace {

using policy::test::Failure;
using policy::test::Outcome;
using text::Style;
using text::styled;

constexpr std::size_t kMostMissing = 10;

std::string at(const policy::Place& place) {
  return text::printable(policy::analysis::text_of(place));
}

void print_failure(const Failure& failure, Env& env) {
  env.out << "     " << text::printable(failure.message) << "  "
          << styled(at(failure.place), Style::dim, env.color_out) << '\n';
  for (const auto& line : failure.trace)
    env.out << "       " << text::printable(line) << '\n';
  if (!failure.change.empty())
    env.out << "       nearest change: " << text::printable(failure.change) << '\n';
}

void print_coverage(const TestReport& report, Env& env) {
  env.out << "coverage " << report.percent << "%:";
  for (const auto& part : report.coverage)
    env.out << ' ' << part.what << ' ' << part.covered << '/' << part.total;
  env.out << '\n';
  for (const auto& part : report.coverage) {
    if (!part.missing.empty())
      env.out << "  not covered, " << part.what << ": "
              << text::printable(text::some_of(part.missing, kMostMissing)) << '\n';
  }
}

json::Value failure_json(const Failure& failure) {
  json::Array trace;
  for (const auto& line : failure.trace)
    trace.emplace_back(line);
  json::Object out{{"message", failure.message},
                   {"at", policy::analysis::text_of(failure.place)},
                   {"trace", std::move(trace)}};
  if (!failure.change.empty()) out.set("nearest_change", failure.change);
  return out;
}

}  // namespace

void print_tests(const TestReport& report, Env& env) {
  for (const auto& suite : report.suites) {
    for (const auto& outcome : suite.outcomes) {
      const bool ok = outcome.failures.empty();
      env.out << (ok ? styled("ok   ", Style::green, env.color_out)
                     : styled("FAIL ", Style::bold_red, env.color_out))
              << text::printable(outcome.name) << "  "
              << styled(at(outcome.place), Style::dim, env.color_out) << '\n';
      for (const auto& failure : outcome.failures)
        print_failure(failure, env);
    }
  }
  env.out << text::format("{} passed, {} failed in {}\n", report.passed, report.failed,
                          text::count_of(report.suites.size(), "file"));
  print_coverage(report, env);
}

void print_tests_tap(const TestReport& report, Env& env) {
  env.out << "TAP version 14\n1.." << report.passed + report.failed << '\n';
  std::size_t number = 0;
  for (const auto& suite : report.suites) {
    for (const auto& outcome : suite.outcomes) {
      std::string name = text::printable(outcome.name);
      std::ranges::replace(name, '#', ' ');  // it would start a directive
      env.out << (outcome.failures.empty() ? "ok " : "not ok ") << ++number << " - " << name
              << '\n';
      if (outcome.failures.empty()) continue;
      env.out << "  ---\n  at: " << json::quote(policy::analysis::text_of(outcome.place))
              << "\n  failures:\n";
      for (const auto& failure : outcome.failures)
        env.out << "    - " << json::quote(failure.message) << '\n';
      env.out << "  ...\n";
    }
  }
}

void print_tests_junit(const TestReport& report, Env& env) {
  env.out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\""
          << report.passed + report.failed << "\" failures=\"" << report.failed << "\">\n";
  for (const auto& suite : report.suites) {
    const auto failed = std::ranges::count_if(
        suite.outcomes, [](const Outcome& outcome) { return !outcome.failures.empty(); });
    env.out << "  <testsuite name=\"" << html::escaped(suite.file) << "\" tests=\""
            << suite.outcomes.size() << "\" failures=\"" << failed << "\">\n";
    for (const auto& outcome : suite.outcomes) {
      env.out << "    <testcase name=\"" << html::escaped(outcome.name) << "\" classname=\""
              << html::escaped(suite.file) << "\" file=\"" << html::escaped(outcome.place.file)
              << "\" line=\"" << outcome.place.span.line << "\""
              << (outcome.failures.empty() ? "/>\n" : ">\n");
      if (outcome.failures.empty()) continue;
      for (const auto& failure : outcome.failures) {
        env.out << "      <failure message=\"" << html::escaped(failure.message) << "\">";
        for (const auto& line : failure.trace)
          env.out << html::escaped(line) << '\n';
        if (!failure.change.empty())
          env.out << "nearest change: " << html::escaped(failure.change) << '\n';
        env.out << "</failure>\n";
      }
      env.out << "    </testcase>\n";
    }
    env.out << "  </testsuite>\n";
  }
  env.out << "</testsuites>\n";
}

void print_tests_json(const TestReport& report, Env& env) {
  json::Array tests;
  for (const auto& suite : report.suites) {
    for (const auto& outcome : suite.outcomes) {
      json::Array failures;
      for (const auto& failure : outcome.failures)
        failures.push_back(failure_json(failure));
      tests.emplace_back(json::Object{{"file", suite.file},
                                      {"name", outcome.name},
                                      {"kind", outcome.is_invariant ? "invariant" : "test"},
                                      {"at", policy::analysis::text_of(outcome.place)},
                                      {"passed", outcome.failures.empty()},
                                      {"checks", static_cast<std::uint64_t>(outcome.checks)},
                                      {"failures", std::move(failures)}});
    }
  }
  json::Object coverage{{"percent", report.percent}};
  for (const auto& part : report.coverage) {
    json::Array missing;
    for (const auto& name : part.missing)
      missing.emplace_back(name);
    coverage.set(std::string(part.what),
                 json::Object{{"covered", static_cast<std::uint64_t>(part.covered)},
                              {"total", static_cast<std::uint64_t>(part.total)},
                              {"missing", std::move(missing)}});
  }
  print_json(env, json::Object{{"schema", "mcpauth.rbac.test/1"},
                               {"passed", static_cast<std::uint64_t>(report.passed)},
                               {"failed", static_cast<std::uint64_t>(report.failed)},
                               {"tests", std::move(tests)},
                               {"coverage", std::move(coverage)}});
}

}  // namespace mcpauth::cli
