#include "core/policy/analysis/org_groups.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "core/policy/analysis/witness_scopes.hpp"
#include "unit/core/policy/engine/random_world.hpp"

using namespace mcpauth;
using policy::analysis::Member;

namespace {

policy::Policy parsed(const std::string& text) {
  auto policy = policy::parse(text, "rbac.toml");
  REQUIRE(policy);
  return *std::move(policy);
}

std::vector<Member> members(const policy::Policy& policy) {
  const policy::Policy* const one = &policy;
  return policy::analysis::members_of({&one, 1});
}

/// The member that stands for one group in one org; null: none, the group gives nothing there.
const Member* standing_for(const std::vector<Member>& all, const std::string& org,
                           const std::string& group) {
  const Member* other = nullptr;
  for (const auto& member : all) {
    if (member.group != group) continue;
    if (member.org == org && !member.is_any_other_org) return &member;
    if (member.is_any_other_org) other = &member;
  }
  return other;
}

Instant at(std::int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

}  // namespace

TEST_CASE("analysis/members: a group is told apart in each org that a grant or [orgs] names") {
  const auto policy = parsed(
      "version = 1\n[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\", \"okta:IT\"]\n"
      "org = \"acme\"\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:IT\"]\n"
      "[orgs.zeta]\nidps = [\"entra\"]\n[orgs.free]\n");
  std::string all;
  for (const auto& member : members(policy))
    all += member.text() + "\n";
  CHECK(all == "okta:HR in acme\nokta:IT in acme\nokta:IT in zeta\nokta:IT in any other org\n");
}

TEST_CASE("analysis/members: members of the same roles are one kind, those of none are of none") {
  const policy::Engine engine(
      parsed("version = 1\n[roles.r]\nscopes = [\"a:b\"]\n[roles.s]\ndeny = [\"a:*\"]\n"
             "[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\", \"okta:B\"]\norg = \"acme\"\n"
             "[[grant]]\nrole = \"s\"\ngroups = [\"okta:C\", \"entra:C\"]\norg = \"acme\"\n"
             "[orgs.acme]\nidps = [\"okta\"]\n"));
  const auto found =
      policy::analysis::effective_of(engine, members(engine.policy()), {"a:b", "c"}, at(0));
  REQUIRE(found.members.size() == 4);
  REQUIRE(found.kinds.size() == 2);
  CHECK(found.kinds[0].members == std::vector<std::size_t>{1, 2});
  CHECK(found.kinds[0].standing ==
        std::vector{policy::Standing::allowed, policy::Standing::absent});
  CHECK(found.kinds[1].standing == std::vector{policy::Standing::denied, policy::Standing::absent});
  CHECK(found.kind_of[0] ==
        policy::analysis::Effective::kNothing);  // entra:C does not speak for acme
}

TEST_CASE("analysis/members: what a member may, everybody may for whom it stands") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    reference::Dice dice(seed);
    const auto world = dice.world();
    const policy::Engine engine(parsed(reference::text(world, dice)));
    const auto all = members(engine.policy());
    const policy::Policy* const one = &engine.policy();
    const auto scopes = policy::analysis::universe_of({&one, 1}).scopes;
    for (int i = 0; i < 40; ++i) {
      const auto asker = dice.asker();
      const auto now = at(dice.instant());
      for (const auto& group : asker.groups) {
        for (const std::string& org : {asker.org, std::string("nowhere")}) {
          CAPTURE(org);
          CAPTURE(group);
          policy::Principal principal{
              .idp = "x", .subject = "x", .org = org, .groups = {group}, .client_id = {}};
          const auto* member = standing_for(all, org, group);
          const auto mine = engine.standing(principal, scopes, now);
          if (member == nullptr) {
            CHECK(engine.roles(principal, now).empty());
          } else {
            CHECK(engine.standing(policy::analysis::principal_of(*member), scopes, now) == mine);
          }
        }
      }
    }
  }
}

TEST_CASE("analysis/members: standing is what the engine decides for the scope alone") {
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
