#pragma once

#include <string>
#include <vector>

#include "core/policy/test/coverage.hpp"
#include "core/policy/test/suite.hpp"

namespace mcpauth::policy::test {

/// One expectation that does not hold.
struct Failure {
  policy::Place place;
  std::string message;                  ///< as in Error
  std::vector<std::string> trace = {};  ///< how it was decided, a line each
  std::string change = {};  ///< the nearest change that would make it hold; may be empty
};

/// One test or invariant.
struct Outcome {
  std::string name;
  policy::Place place;
  bool is_invariant = false;
  std::size_t checks = 0;
  std::vector<Failure> failures = {};
};

/// Runs all of a suite, whatever fails. `now` holds where the suite does not say it. For the first
/// few failures the nearest change of the policy is looked for.
std::vector<Outcome> run(const Suite& suite, const policy::Engine& engine, Instant now,
                         Coverage& coverage);

/// One invariant, over everybody there can be.
Outcome check(const Invariant& invariant, const policy::Engine& engine, Instant now);

}  // namespace mcpauth::policy::test
