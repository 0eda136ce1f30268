#include "core/policy/engine/inheritance.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace mcpauth::policy;

TEST_CASE("policy/inheritance: a role comes after all that it inherits") {
  const auto found = sort_inheritance({{1, 2}, {3}, {3}, {}});
  CHECK(found.cycles.empty());
  CHECK(found.order == std::vector<RoleId>{3, 1, 2, 0});
}

TEST_CASE("policy/inheritance: every cycle starts with its first role") {
  const auto found = sort_inheritance({{0}, {3}, {1}, {2}, {1}});
  REQUIRE(found.cycles.size() == 2);
  CHECK(found.cycles[0] == std::vector<RoleId>{0});
  CHECK(found.cycles[1] == std::vector<RoleId>{1, 3, 2});
}

TEST_CASE("policy/inheritance: a chain of 200,000 roles needs no stack") {
  constexpr RoleId kRoles = 200'000;
  Parents parents(kRoles);
  for (RoleId id = 0; id + 1 < kRoles; ++id)
    parents[id] = {id + 1};
  CHECK(sort_inheritance(parents).order.front() == kRoles - 1);
  parents.back() = {0};
  const auto found = sort_inheritance(parents);
  REQUIRE(found.cycles.size() == 1);
  CHECK(found.cycles[0].size() == kRoles);
}

TEST_CASE("policy/inheritance: of many cycles the first hundred are reported") {
  Parents parents(1000);
  for (RoleId id = 0; id < parents.size(); ++id)
    parents[id] = {id};
  CHECK(sort_inheritance(parents).cycles.size() == 100);
}
