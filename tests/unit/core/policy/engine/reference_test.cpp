#include "reference.hpp"

#include <algorithm>
#include <chrono>

#include <doctest/doctest.h>

#include "core/policy/engine/decide.hpp"
#include "core/policy/engine/pattern.hpp"
#include "random_world.hpp"

using namespace mcpauth;
using reference::Asker;
using reference::Dice;
using reference::World;

namespace {

policy::Engine engine_of(const std::string& text) {
  auto parsed = policy::parse(text, "rbac.toml");
  if (!parsed) FAIL(parsed.error().message << "\n" << text);
  return policy::Engine(*std::move(parsed));
}

policy::Principal principal_of(const Asker& asker) {
  return {
      .idp = "okta", .subject = "ann", .org = asker.org, .groups = asker.groups, .client_id = {}};
}

Instant at(std::int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

std::set<std::string> names_of(const std::vector<policy::HeldRole>& held) {
  std::set<std::string> names;
  for (const auto& role : held)
    names.insert(role.role->name.value);
  return names;
}

std::optional<std::chrono::seconds> least_ttl(const World& world,
                                              const std::set<std::string>& held) {
  std::optional<std::chrono::seconds> least;
  for (const auto& name : held) {
    const auto minutes = world.roles.at(name).ttl_minutes;
    if (minutes && (!least || std::chrono::minutes(*minutes) < *least)) {
      least = std::chrono::minutes(*minutes);
    }
  }
  return least;
}

/// What the evidence claims must be true by the reference alone.
void check_evidence(const World& world, const policy::Decision& decision,
                    const std::set<std::string>& held) {
  for (const auto& step : decision.evidence) {
    const std::string& scope = step.scope;
    CHECK((step.role == nullptr) == (step.pattern == nullptr));
    CHECK((step.pattern != nullptr && !step.denied) == decision.allowed);
    if (step.role == nullptr) continue;
    CHECK(held.contains(step.role->name.value));
    const auto& role = world.roles.at(step.role->name.value);
    CHECK(reference::has(step.denied ? role.deny : role.scopes, step.pattern->value));
    CHECK(reference::any_covers({step.pattern->value}, scope));
    REQUIRE(step.grant != nullptr);
    std::set<std::string> reached;
    reference::add_role(world, step.grant->role.value, reached);
    CHECK(reached.contains(step.role->name.value));
  }
}

struct Case {
  World world;
  std::string text;
  Asker asker;
  std::int64_t now;
};

void compare_tool(const Case& c, const policy::Engine& engine, const std::string& tool) {
  CAPTURE(tool);
  const auto expected = reference::tool(c.world, c.asker, tool, c.now);
  const auto decision = engine.tool(principal_of(c.asker), tool, at(c.now));
  CHECK(decision.allowed == expected.allowed);
  CHECK(decision.reason == expected.reason);
  const auto held = reference::roles(c.world, c.asker, c.now);
  if (decision.tool != nullptr) CHECK(decision.ttl == least_ttl(c.world, held));
  check_evidence(c.world, decision, held);
  const auto wanted = reference::needs(c.world, tool);
  const auto needs = engine.needs(tool);
  REQUIRE(needs.has_value() == wanted.has_value());
  if (!needs) return;
  CHECK(needs->size() == wanted->size());
  CHECK(std::set<std::string>(needs->begin(), needs->end()) == *wanted);
  if (decision.allowed) CHECK(decision.evidence.size() == wanted->size());
}

void compare_scope(const Case& c, const policy::Engine& engine, const std::string& scope) {
  CAPTURE(scope);
  const auto held = reference::roles(c.world, c.asker, c.now);
  const auto expected = reference::judge(c.world, held, {scope});
  const auto decision = engine.scopes(principal_of(c.asker), {scope}, at(c.now));
  CHECK(decision.allowed == expected.allowed);
  CHECK(decision.reason == expected.reason);
  check_evidence(c.world, decision, held);
}

Case roll(Dice& dice) {
  Case c{.world = dice.world(), .text = {}, .asker = dice.asker(), .now = dice.instant()};
  c.text = reference::text(c.world, dice);
  return c;
}

}  // namespace

TEST_CASE("policy/decide: the engine agrees with a plain reading of the rules") {
  Dice dice(20'270'131);
  unsigned allowed = 0;
  for (int round = 0; round < 1500; ++round) {
    const Case c = roll(dice);
    INFO(c.text);
    const auto engine = engine_of(c.text);
    CHECK(names_of(engine.roles(principal_of(c.asker), at(c.now))) ==
          reference::roles(c.world, c.asker, c.now));
    for (int i = 0; i < 3; ++i) {
      const auto tool = dice.tool();
      compare_tool(c, engine, tool);
      allowed += engine.tool(principal_of(c.asker), tool, at(c.now)).allowed ? 1U : 0U;
      compare_scope(c, engine, dice.scope());
    }
  }
  CHECK(allowed > 100);  // else the worlds say nothing
}

TEST_CASE("policy/decide: the scopes held are those of the policy that are allowed one by one") {
  Dice dice(7);
  for (int round = 0; round < 500; ++round) {
    const Case c = roll(dice);
    INFO(c.text);
    std::set<std::string> expected;
    const auto held = reference::roles(c.world, c.asker, c.now);
    for (const auto& [pattern, scopes] : c.world.tools) {
      for (const auto& scope : scopes) {
        if (reference::judge(c.world, held, {scope}).allowed) expected.insert(scope);
      }
    }
    const auto scopes = engine_of(c.text).held_scopes(principal_of(c.asker), at(c.now));
    CHECK(scopes == std::vector<std::string>(expected.begin(), expected.end()));
  }
}

TEST_CASE("policy/decide: the order of the file never matters") {
  Dice dice(11);
  for (int round = 0; round < 700; ++round) {
    const Case c = roll(dice);
    const std::string other = reference::text(c.world, dice);
    INFO(c.text << "\n--- and ---\n" << other);
    const auto first = engine_of(c.text);
    const auto second = engine_of(other);
    const auto principal = principal_of(c.asker);
    for (int i = 0; i < 4; ++i) {
      const auto tool = dice.tool();
      const auto a = first.tool(principal, tool, at(c.now));
      const auto b = second.tool(principal, tool, at(c.now));
      CHECK(a.allowed == b.allowed);
      CHECK(a.reason == b.reason);
      CHECK(a.ttl == b.ttl);
    }
    CHECK(first.held_scopes(principal, at(c.now)) == second.held_scopes(principal, at(c.now)));
  }
}

TEST_CASE("policy/decide: one more deny never allows more, and beats every allow it covers") {
  Dice dice(13);
  for (int round = 0; round < 700; ++round) {
    Case c = roll(dice);
    const auto before = engine_of(c.text);
    auto role = c.world.roles.begin();
    std::advance(role, dice.below(static_cast<unsigned>(c.world.roles.size())));
    const auto pattern = dice.pattern();
    role->second.deny.push_back(pattern);
    const auto text = reference::text(c.world, dice);
    INFO(text);
    const auto after = engine_of(text);
    const auto principal = principal_of(c.asker);
    const bool holds = names_of(after.roles(principal, at(c.now))).contains(role->first);
    for (int i = 0; i < 4; ++i) {
      const auto scope = dice.scope();
      const bool now_allowed = after.scopes(principal, {scope}, at(c.now)).allowed;
      if (now_allowed) CHECK(before.scopes(principal, {scope}, at(c.now)).allowed);
      if (holds && reference::any_covers({pattern}, scope)) CHECK_FALSE(now_allowed);
    }
  }
}

TEST_CASE("policy/decide: one more grant without denies never takes anything away") {
  Dice dice(17);
  for (int round = 0; round < 500; ++round) {
    Case c = roll(dice);
    for (auto& [name, role] : c.world.roles)
      role.deny.clear();
    const auto before = engine_of(reference::text(c.world, dice));
    c.world.grants.push_back({.role = c.world.roles.begin()->first, .groups = {"okta:HR"}});
    const auto after = engine_of(reference::text(c.world, dice));
    const auto principal = principal_of(c.asker);
    for (int i = 0; i < 4; ++i) {
      const auto scope = dice.scope();
      if (before.scopes(principal, {scope}, at(c.now)).allowed) {
        CHECK(after.scopes(principal, {scope}, at(c.now)).allowed);
      }
    }
  }
}

TEST_CASE("policy/pattern: scope and tool patterns agree with a recursive matcher") {
  Dice dice(19);
  for (int round = 0; round < 5'000; ++round) {
    const auto pattern = dice.pattern();
    const auto scope = dice.scope();
    CAPTURE(pattern);
    CAPTURE(scope);
    CHECK_FALSE(policy::scope_fault(pattern, policy::Wildcards::yes));
    CHECK(policy::scope_matches(pattern, scope) ==
          reference::covers(reference::segments(pattern), reference::segments(scope)));
    const auto glob = dice.tool_pattern();
    const auto tool = dice.tool();
    CAPTURE(glob);
    CAPTURE(tool);
    CHECK(policy::tool_matches(glob, tool) == reference::starred(glob.c_str(), tool.c_str()));
  }
}
