#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "core/policy/analysis/effective.hpp"
#include "core/policy/analysis/witness_scopes.hpp"
#include "unit/core/policy/engine/random_world.hpp"

using namespace mcpauth;
using policy::analysis::OrgGroup;

namespace {

policy::Policy parsed(const std::string& text) {
  auto policy = policy::parse(text, "rbac.toml");
  REQUIRE(policy);
  return *std::move(policy);
}

std::vector<OrgGroup> groups(const policy::Policy& policy) {
  const policy::Policy* const one = &policy;
  return policy::analysis::org_groups_of({&one, 1});
}

/// The witness for one group in one org; null when the group gives nothing there.
const OrgGroup* witness_of(const std::vector<OrgGroup>& all, const std::string& org,
                           const std::string& name) {
  const OrgGroup* other = nullptr;
  for (const auto& group : all) {
    if (group.name != name) continue;
    if (group.org == org && !group.is_any_other_org) return &group;
    if (group.is_any_other_org) other = &group;
  }
  return other;
}

Instant at(std::int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

}  // namespace

TEST_CASE("analysis/org_groups: a group has an entry for each org that a grant or [orgs] names") {
  const auto policy = parsed(
      "version = 1\n[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\", \"okta:IT\"]\n"
      "org = \"acme\"\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:IT\"]\n"
      "[orgs.zeta]\nidps = [\"entra\"]\n[orgs.free]\n");
  std::string all;
  for (const auto& group : groups(policy))
    all += group.text() + "\n";
  CHECK(all == "okta:HR in acme\nokta:IT in acme\nokta:IT in zeta\nokta:IT in any other org\n");
}

TEST_CASE(
    "analysis/org_groups: groups with the same roles are one class, those with none are in none") {
  const policy::Engine engine(
      parsed("version = 1\n[roles.r]\nscopes = [\"a:b\"]\n[roles.s]\ndeny = [\"a:*\"]\n"
             "[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\", \"okta:B\"]\norg = \"acme\"\n"
             "[[grant]]\nrole = \"s\"\ngroups = [\"okta:C\", \"entra:C\"]\norg = \"acme\"\n"
             "[orgs.acme]\nidps = [\"okta\"]\n"));
  const auto found =
      policy::analysis::effective_of(engine, groups(engine.policy()), {"a:b", "c"}, at(0));
  REQUIRE(found.groups.size() == 4);
  REQUIRE(found.classes.size() == 2);
  CHECK(found.classes[0].groups == std::vector<std::size_t>{1, 2});
  CHECK(found.classes[0].standing ==
        std::vector{policy::Standing::allowed, policy::Standing::absent});
  CHECK(found.classes[1].standing ==
        std::vector{policy::Standing::denied, policy::Standing::absent});
  CHECK(found.class_of[0] == policy::analysis::Effective::kNothing);  // acme does not list entra
}

TEST_CASE(
    "analysis/org_groups: a group may do exactly what the principals may for whom it is the "
    "witness") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    reference::Dice dice(seed);
    const auto world = dice.world();
    const policy::Engine engine(parsed(reference::text(world, dice)));
    const auto all = groups(engine.policy());
    const policy::Policy* const one = &engine.policy();
    const auto scopes = policy::analysis::witness_scopes({&one, 1}).scopes;
    for (int i = 0; i < 40; ++i) {
      const auto asker = dice.asker();
      const auto now = at(dice.instant());
      for (const auto& group : asker.groups) {
        for (const std::string& org : {asker.org, std::string("nowhere")}) {
          CAPTURE(org);
          CAPTURE(group);
          policy::Principal principal{
              .idp = "x", .subject = "x", .org = org, .groups = {group}, .client_id = {}};
          const auto* witness = witness_of(all, org, group);
          const auto mine = engine.standing(principal, scopes, now);
          if (witness == nullptr) {
            CHECK(engine.roles(principal, now).empty());
          } else {
            CHECK(engine.standing(policy::analysis::principal_of(*witness), scopes, now) == mine);
          }
        }
      }
    }
  }
}

TEST_CASE("analysis/org_groups: standing agrees with the decision for the scope alone") {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    reference::Dice dice(seed);
    const policy::Engine engine(parsed(reference::text(dice.world(), dice)));
    const auto asker = dice.asker();
    const policy::Principal principal{
        .idp = "x", .subject = "x", .org = asker.org, .groups = asker.groups, .client_id = {}};
    std::vector<std::string> scopes;
    for (int i = 0; i < 20; ++i)
      scopes.push_back(dice.scope());
    const auto standing = engine.standing(principal, scopes, at(reference::kDay));
    CHECK(engine.standing(principal, engine.ask(scopes), at(reference::kDay)) == standing);
    for (std::size_t i = 0; i < scopes.size(); ++i) {
      const auto decision = engine.scopes(principal, {scopes[i]}, at(reference::kDay));
      CHECK(decision.allowed == (standing[i] == policy::Standing::allowed));
      CHECK((decision.reason == "scope-denied") == (standing[i] == policy::Standing::denied));
    }
  }
}
