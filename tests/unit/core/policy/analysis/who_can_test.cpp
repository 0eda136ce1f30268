#include "core/policy/analysis/who_can.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace mcpauth;

namespace {

policy::Engine engine() {
  auto policy = policy::parse(
      "version = 1\n"
      "[tools]\n\"hr/get\" = [\"hr:read\"]\n\"hr/*\" = [\"hr:read\", \"hr:write\"]\n\"hr/help\" = "
      "[]\n"
      "[roles.reader]\nscopes = [\"hr:read\"]\n[roles.writer]\nscopes = [\"hr:write\"]\n"
      "[roles.not]\ndeny = [\"hr:**\"]\n"
      "[[grant]]\nrole = \"reader\"\ngroups = [\"okta:R\", \"entra:R\"]\norg = \"acme\"\n"
      "[[grant]]\nrole = \"writer\"\ngroups = [\"okta:W\"]\n"
      "[[grant]]\nrole = \"not\"\ngroups = [\"okta:C\"]\n",
      "rbac.toml");
  REQUIRE(policy);
  return policy::Engine(*std::move(policy));
}

std::string told(const policy::analysis::Difference& found) {
  std::string out;
  for (const auto& change : found.changes) {
    for (const auto& group : change.groups)
      out += (change.is_combined ? "& " : "") + group.text() + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE(
    "analysis/who_can: single groups, combinations of groups, and those that a deny keeps out") {
  const auto policy = engine();
  const auto get =
      policy::analysis::who_can(policy, {.name = "hr/get", .is_tool = true}, Instant{});
  CHECK(told(get.may) == "entra:R in acme\nokta:R in acme\n");
  REQUIRE(get.denied.size() == 1);
  CHECK(get.denied[0].pattern->value == "hr:**");
  CHECK(get.denied[0].groups.size() == 1);
  const auto other =
      policy::analysis::who_can(policy, {.name = "hr/new", .is_tool = true}, Instant{});
  CHECK(told(other.may) == "& okta:R in acme\n& okta:W in acme\n");
  const auto scope = policy::analysis::who_can(policy, {.name = "hr:write"}, Instant{});
  CHECK(told(scope.may) == "okta:W in every org\n");
  const auto unknown =
      policy::analysis::who_can(policy, {.name = "x/y", .is_tool = true}, Instant{});
  CHECK_FALSE(unknown.needs);
  CHECK(told(unknown.may).empty());
}

TEST_CASE("analysis/reach: groups can be left out, by name or by what they hold") {
  const auto policy = engine();
  const policy::analysis::Item get{.name = "hr/get", .is_tool = true};
  const auto named = policy::analysis::reach(
      policy, get, Instant{}, [](const auto& group, auto) { return group.name == "okta:R"; });
  CHECK(told(named) == "entra:R in acme\n");
  const auto holding = policy::analysis::reach(policy, get, Instant{}, [](const auto&, auto roles) {
    return !roles.empty() && roles.front().role->name.value == "reader";
  });
  CHECK(told(holding).empty());
}

TEST_CASE("analysis/powers: every tool with what it needs, and the scopes held") {
  const auto policy = engine();
  const policy::Principal who{
      .idp = "okta", .subject = "ann", .org = "acme", .groups = {"okta:R"}, .client_id = {}};
  const auto powers = policy::analysis::powers_of(policy, who, Instant{});
  std::string all;
  for (const auto& power : powers.tools)
    all += power.tool.text() + (power.is_allowed ? " yes " : " no ") + std::string(power.reason) +
           "\n";
  CHECK(all == "`hr/get` yes granted\n`hr/help` yes open-tool\n`hr/*` no scope-not-held\n");
  CHECK(powers.scopes == std::vector<std::string>{"hr:read"});
  CHECK(powers.roles.size() == 1);
}
