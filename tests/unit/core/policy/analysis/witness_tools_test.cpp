#include "core/policy/analysis/witness_tools.hpp"

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

policy::analysis::WitnessTools tools(const policy::Policy& policy, std::size_t most = 1'000'000) {
  const policy::Policy* const one = &policy;
  return policy::analysis::witness_tools({&one, 1}, most);
}

std::set<std::string> matching(const policy::Policy& policy, const std::string& tool) {
  std::set<std::string> out;
  for (const auto& entry : policy.tools) {
    if (policy::tool_matches(entry.pattern.value, tool)) out.insert(entry.pattern.value);
  }
  return out;
}

}  // namespace

TEST_CASE(
    "analysis/witness_tools: exact names, and a made-up one for each set of patterns that meet") {
  const auto policy = parsed(
      "version = 1\n[tools]\n\"hr/get\" = []\n\"hr/*\" = []\n\"hr/*_x\" = []\n\"*/get\" = []\n");
  CHECK(tools(policy).names == std::vector<std::string>{"hr/_x", "hr/get", "hr/~", "~/get"});
}

TEST_CASE(
    "analysis/witness_tools: a made-up name is not an exact one, and no half of it is empty") {
  const auto policy =
      parsed("version = 1\n[tools]\n\"*/*\" = []\n\"~/~\" = []\n\"*a/*a\" = []\n\"a/a\" = []\n");
  CHECK(tools(policy).names == std::vector<std::string>{"%/%", "%a/a", "a/a", "~/~"});
}

TEST_CASE("analysis/witness_tools: an incomplete list says so, and each pattern still has a name") {
  const auto policy = parsed("version = 1\n[tools]\n\"a*/b*c\" = []\n\"*a/*\" = []\n");
  const auto found = tools(policy, 5);
  CHECK_FALSE(found.is_complete);
  CHECK(std::ranges::count(found.names, "a~/b~c") == 1);
  CHECK(std::ranges::count(found.names, "~a/~") == 1);
}

TEST_CASE("analysis/witness_tools: for every tool there is one that the same patterns match") {
  const std::vector<std::string> halves{"x",  "y",   "z",   "xy",  "xx",   "yx",   "xyx", "zx",
                                        "xz", "xzy", "yzx", "xxy", "xyxz", "zxyx", "yy"};
  for (unsigned seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    reference::Dice dice(seed);
    const auto policy = parsed(reference::text(dice.world(), dice));
    const auto found = tools(policy);
    REQUIRE(found.is_complete);
    std::set<std::set<std::string>> known{{}};
    for (const auto& name : found.names) {
      CHECK(policy::is_tool(name));
      CHECK(known.insert(matching(policy, name)).second);
    }
    for (const auto& server : halves) {
      for (const auto& tool : halves)
        CHECK(known.contains(matching(policy, server + "/" + tool)));
    }
  }
}
