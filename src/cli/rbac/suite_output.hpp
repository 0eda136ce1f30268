#pragma once

#include <string>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/policy/test/run.hpp"

namespace mcpauth::cli {

/// What one test file came to.
struct SuiteResult {
  std::string file;
  std::vector<policy::test::Outcome> outcomes;
};

/// What all of them came to.
struct TestReport {
  std::vector<SuiteResult> suites;
  std::vector<policy::test::Coverage::Part> coverage;  ///< of all policies together
  unsigned percent = 100;                              ///< of all parts together, rounded down
  std::size_t passed = 0;
  std::size_t failed = 0;
};

void print_tests(const TestReport& report, Env& env);
void print_tests_tap(const TestReport& report, Env& env);
void print_tests_junit(const TestReport& report, Env& env);
void print_tests_json(const TestReport& report, Env& env);

}  // namespace mcpauth::cli
