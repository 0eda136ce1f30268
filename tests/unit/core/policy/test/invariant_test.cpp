#include "core/policy/test/invariant.hpp"

#include <array>
#include <string>

#include <doctest/doctest.h>

#include "unit/core/policy/engine/random_world.hpp"

using namespace mcpauth;
using policy::test::Invariant;

namespace {

policy::Engine engine(const std::string& text) {
  auto policy = policy::parse(text, "rbac.toml");
  REQUIRE(policy);
  return policy::Engine(*std::move(policy));
}

policy::Text named(std::string name) {
  return {.value = std::move(name), .place = {}};
}

std::string messages(const policy::test::Outcome& outcome) {
  std::string out;
  for (const auto& failure : outcome.failures)
    out += failure.message + "\n";
  return out;
}

const std::string kPolicy =
    "version = 1\n[tools]\n\"p/create\" = [\"p:create\"]\n\"p/approve\" = [\"p:approve\"]\n"
    "[roles.clerk]\nscopes = [\"p:create\"]\n[roles.lead]\nscopes = [\"p:approve\"]\n"
    "[roles.boss]\ninherits = [\"lead\"]\n"
    "[[grant]]\nrole = \"clerk\"\ngroups = [\"okta:A\", \"entra:A\"]\norg = \"acme\"\n"
    "[[grant]]\nrole = \"boss\"\ngroups = [\"okta:B\"]\norg = \"acme\"\n";

/// All sets of groups of one IdP in the small world.
std::vector<std::vector<std::string>> everybody() {
  std::vector<std::vector<std::string>> out{{"entra:HR"}};
  const std::vector<std::string> okta{"okta:HR", "okta:hr", "okta:HR:x", "okta:HR "};
  for (unsigned bits = 1; bits < 16; ++bits) {
    auto& groups = out.emplace_back();
    for (unsigned i = 0; i < 4; ++i) {
      if ((bits >> i & 1U) != 0) groups.push_back(okta[i]);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("policy/test/invariant: never_both finds those who are in two groups at once") {
  const auto policy = engine(kPolicy);
  Invariant both{.never_both = {named("p/create"), named("p:approve")}};
  CHECK(messages(policy::test::check(both, policy, Instant{})) ==
        "okta:A in acme with okta:B in acme may have both `p/create` and `p:approve`\n");
  both.never_both[1] = named("p:other");
  CHECK(messages(policy::test::check(both, policy, Instant{})).empty());
  both.never_both[1] = named("x/y");
  CHECK(messages(policy::test::check(both, policy, Instant{})) ==
        "`x/y` is a tool that no entry matches\n");
}

TEST_CASE("policy/test/invariant: only the groups and roles that are named, inherited ones too") {
  const auto policy = engine(kPolicy);
  Invariant only{.only = named("p/create"), .groups = {named("okta:A")}};
  CHECK(messages(policy::test::check(only, policy, Instant{})) ==
        "entra:A in acme may have `p/create` too\n");
  only.groups.push_back(named("entra:A"));
  CHECK(messages(policy::test::check(only, policy, Instant{})).empty());
  CHECK(messages(policy::test::check({.only = named("p/approve"), .roles = {named("lead")}}, policy,
                                     Instant{}))
            .empty());
  CHECK(messages(policy::test::check({.only = named("p/approve"), .roles = {named("led")}}, policy,
                                     Instant{}))
            .starts_with("there is no role `led`\n"));
}

TEST_CASE("policy/test/invariant: never_both and only agree with asking every principal") {
  const auto people = everybody();
  const Instant now{std::chrono::seconds(reference::kDay)};
  int broken = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    reference::Dice dice(seed);
    const auto policy = engine(reference::text(dice.world(), dice));
    const auto a = dice.scope();
    const auto b = dice.scope();
    bool has_both = false;
    bool has_other = false;
    for (const std::string org : {"acme", "other", "Acme", "nowhere"}) {
      for (const auto& groups : people) {
        const policy::Principal who{
            .idp = "x", .subject = "x", .org = org, .groups = groups, .client_id = {}};
        has_both |= policy.scopes(who, {a, b}, now).allowed;
        const bool is_meant = std::ranges::find(groups, "okta:HR") != groups.end();
        has_other |= !is_meant && policy.scopes(who, {a}, now).allowed;
      }
    }
    broken += has_both ? 1 : 0;
    const Invariant both{.never_both = {named(a), named(b)}};
    CHECK(policy::test::check(both, policy, now).failures.empty() != has_both);
    const Invariant only{.only = named(a), .groups = {named("okta:HR")}};
    CHECK(policy::test::check(only, policy, now).failures.empty() != has_other);
  }
  CHECK(broken > 20);
}
