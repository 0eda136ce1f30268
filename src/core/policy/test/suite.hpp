#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/policy/engine/policy.hpp"
#include "core/policy/engine/principal.hpp"

namespace mcpauth::policy::test {

/// What one principal may and may not do.
struct Test {
  policy::Text name = {};
  policy::Principal as = {};
  std::vector<policy::Text> allow = {};  ///< tools, or concrete scopes
  std::vector<policy::Text> deny = {};
  std::optional<std::vector<policy::Text>> can_exactly = {};  ///< tools or patterns of [tools]
};

/// What no possible principal may do.
struct Invariant {
  policy::Text name = {};
  std::vector<policy::Text> never_both = {};  ///< tools or scopes; nobody may have two of them
  policy::Text only = {};  ///< a tool or scope that only these groups and roles may have; or empty
  std::vector<policy::Text> groups = {};
  std::vector<policy::Text> roles = {};
};

/// The content of a `*_test.toml`.
struct Suite {
  std::string file = {};
  std::optional<policy::Text> policy = {};  ///< relative to the file
  std::optional<Instant> now = {};
  std::vector<Test> tests = {};
  std::vector<Invariant> invariants = {};
};

/// Whether a name is the name of a tool. If not, it is a scope.
bool is_tool(std::string_view name);

/// Reads a suite strictly: unknown keys, wrong types and names that are neither a tool nor a scope
/// are errors. All of them are in the Error's `problems`, with their places.
Result<Suite> parse_suite(std::string_view text, std::string_view file);

}  // namespace mcpauth::policy::test
