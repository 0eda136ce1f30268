#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::test {

/// An expectation that was not met.
struct Failure {
  policy::Place place;
  std::string message;                  ///< as in Error
  std::vector<std::string> trace = {};  ///< how the decision was made, one line for each step
  std::string change = {};  ///< the nearest change to the policy that would meet it; may be empty
};

/// The result of one test or invariant.
struct Outcome {
  std::string name;
  policy::Place place;
  bool is_invariant = false;
  std::size_t checks = 0;
  std::vector<Failure> failures = {};
};

}  // namespace mcpauth::policy::test
