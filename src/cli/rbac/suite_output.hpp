#pragma once

#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/policy/test/run.hpp"

namespace mcpauth::cli {

/// The outcome of one test file.
struct SuiteResult {
  std::string file;
  std::vector<policy::test::Outcome> outcomes;
};

/// The outcome of all test files.
struct TestReport {
  std::vector<SuiteResult> suites;
  std::vector<policy::test::Coverage::Part> coverage;  ///< summed over all policies
  unsigned percent = 100;                              ///< over all parts, rounded down
  std::size_t passed = 0;
  std::size_t failed = 0;
};

void print_tests(const TestReport& report, Env& env);
void print_tests_tap(const TestReport& report, Env& env);
void print_tests_junit(const TestReport& report, Env& env);
void print_tests_json(const TestReport& report, Env& env);

}  // namespace mcpauth::cli
