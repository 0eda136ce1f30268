#pragma once

#include "core/policy/engine/decide.hpp"
#include "core/policy/test/outcome.hpp"
#include "core/policy/test/suite.hpp"

namespace mcpauth::policy::test {

/// Checks one invariant for every possible principal.
Outcome check(const Invariant& invariant, const policy::Engine& engine, Instant now);

}  // namespace mcpauth::policy::test
