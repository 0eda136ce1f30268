#pragma once

#include <vector>

#include "core/policy/test/coverage.hpp"
#include "core/policy/test/outcome.hpp"
#include "core/policy/test/suite.hpp"

namespace mcpauth::policy::test {

/// Runs every test and invariant of a suite. `now` is used when the suite does not set it. For the
/// first few failures, the nearest change to the policy that would fix it is looked for.
std::vector<Outcome> run(const Suite& suite, const policy::Engine& engine, Instant now,
                         Coverage& coverage);

}  // namespace mcpauth::policy::test
