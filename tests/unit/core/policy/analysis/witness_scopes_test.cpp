#include "core/policy/analysis/witness_scopes.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "core/policy/engine/pattern.hpp"
#include "unit/core/policy/engine/random_world.hpp"

using namespace mcpauth;

namespace {

policy::Policy parsed(const std::string& text) {
  auto policy = policy::parse(text, "rbac.toml");
  REQUIRE(policy);
  return *std::move(policy);
}

policy::analysis::WitnessScopes witnesses(const policy::Policy& policy, std::size_t most = 50'000) {
  const policy::Policy* const one = &policy;
  return policy::analysis::witness_scopes({&one, 1}, most);
}

/// The patterns of all roles that match.
std::set<std::string> matching(const policy::Policy& policy, const std::string& scope) {
  std::set<std::string> out;
  for (const auto& role : policy.roles) {
    for (const auto* list : {&role.scopes, &role.deny}) {
      for (const auto& pattern : *list) {
        if (policy::scope_matches(pattern.value, scope)) out.insert(pattern.value);
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("analysis/witness_scopes: with a catalogue they are the scopes in it") {
  const auto policy =
      parsed("version = 1\n[scopes]\n\"b:x\" = {}\n\"a:y\" = {}\n[roles.r]\nscopes = [\"c:**\"]\n");
  CHECK(witnesses(policy).scopes == std::vector<std::string>{"a:y", "b:x"});
}

TEST_CASE(
    "analysis/witness_scopes: without one, a scope is made up for every set of patterns that can "
    "match") {
  const auto policy = parsed(
      "version = 1\n[tools]\n\"s/t\" = [\"db:read:x\"]\n"
      "[roles.r]\nscopes = [\"db:read:*\", \"db:**\"]\ndeny = [\"db:read:salary\"]\n");
  CHECK(witnesses(policy).scopes == std::vector<std::string>{"db", "db:any-other", "db:read",
                                                             "db:read:any-other", "db:read:salary",
                                                             "db:read:x"});
}

TEST_CASE("analysis/witness_scopes: a name of the policy is never taken for the made-up segment") {
  const auto policy = parsed("version = 1\n[roles.r]\nscopes = [\"any-other\", \"*\"]\n");
  CHECK(witnesses(policy).scopes == std::vector<std::string>{"any-other", "any-other-2"});
}

TEST_CASE("analysis/witness_scopes: an incomplete list says so") {
  const auto policy = parsed(
      "version = 1\n[tools]\n\"s/t\" = [\"q\"]\n[roles.r]\nscopes = [\"a:b:c:d\", \"*:x:*:**\"]\n");
  const auto small = witnesses(policy, 3);
  CHECK_FALSE(small.is_complete);
  CHECK(small.scopes == std::vector<std::string>{"q"});
}

TEST_CASE("analysis/witness_scopes: for every scope it has one that the same patterns match") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    reference::Dice dice(seed);
    const auto world = dice.world();
    const auto policy = parsed(reference::text(world, dice));
    const auto found = witnesses(policy);
    CHECK(found.is_complete);
    std::set<std::set<std::string>> known{{}};
    for (const auto& scope : found.scopes)
      known.insert(matching(policy, scope));
    const std::vector<std::string> segments{"a", "b", "c", "zz"};
    std::vector<std::string> level{""};
    for (int depth = 0; depth < 4; ++depth) {
      std::vector<std::string> next;
      for (const auto& prefix : level) {
        for (const auto& segment : segments) {
          next.push_back(prefix.empty() ? segment : prefix + ":" + segment);
          CAPTURE(next.back());
          REQUIRE(known.contains(matching(policy, next.back())));
        }
      }
      level = std::move(next);
    }
  }
}
