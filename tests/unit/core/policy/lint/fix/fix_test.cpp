#include "core/policy/lint/fix/fix.hpp"

#include <algorithm>
#include <set>

#include "core/policy/lint/fix/patch.hpp"
#include "core/policy/lint/fix/same.hpp"
#include "unit/core/policy/engine/random_world.hpp"
#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;
using namespace linting;
using policy::lint::Sameness;

namespace {

/// The rules whose fixes most of these tests are about: shape and comments.
const policy::lint::Selection kFew{.select = {"RB0", "RB9"}};

policy::lint::FixResult fix_result(const std::string& text, policy::lint::Unsafe unsafe,
                                   const policy::lint::Selection& selection) {
  const auto reading = linting::read(text);
  const auto* one = &reading;
  return policy::lint::apply_fixes({&one, 1}, example_inputs(), selection, unsafe);
}

std::string fixed(const std::string& text, policy::lint::Unsafe unsafe = policy::lint::Unsafe::no,
                  const policy::lint::Selection& selection = kFew) {
  return fix_result(text, unsafe, selection).after.at("rbac.toml");
}

policy::Policy parsed(const std::string& text) {
  auto policy = policy::parse(text, "rbac.toml");
  REQUIRE(policy);
  return *std::move(policy);
}

Sameness compared(const std::string& a, const std::string& b) {
  return policy::lint::compare(parsed("version = 1\n" + a), parsed("version = 1\n" + b), kNow);
}

Instant at(std::int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

policy::Principal principal_of(const reference::Asker& asker, const std::string& idp) {
  policy::Principal principal{
      .idp = idp, .subject = "ann", .org = asker.org, .groups = {}, .client_id = {}};
  for (const auto& group : asker.groups) {
    if (group.starts_with(idp + ":")) principal.groups.push_back(group);
  }
  return principal;
}

void check_same_decisions(const policy::Policy& a, const policy::Policy& b, reference::Dice& dice) {
  const policy::Engine before(a);
  const policy::Engine after(b);
  for (int i = 0; i < 60; ++i) {
    const auto who = principal_of(dice.asker(), dice.one_in(3) ? "entra" : "okta");
    const auto now = at(std::max(dice.instant(), reference::kDay - 1));
    const auto tool = dice.tool();
    const auto scopes = std::vector{dice.scope()};
    const auto tool_before = before.tool(who, tool, now);
    const auto tool_after = after.tool(who, tool, now);
    CHECK(tool_before.allowed == tool_after.allowed);
    if (tool_before.allowed) CHECK(tool_before.ttl == tool_after.ttl);
    CHECK(before.scopes(who, scopes, now).allowed == after.scopes(who, scopes, now).allowed);
  }
}

/// Every name of two short halves, those that the worlds are made of among them.
void check_same_needs(const policy::Policy& a, const policy::Policy& b) {
  const std::vector<std::string> halves{"x",  "y",  "z",  "xx",  "xy",  "yx",
                                        "yy", "zx", "xz", "xyx", "xzx", "yxy"};
  const policy::Engine before(a);
  const policy::Engine after(b);
  const auto sorted = [](auto needs) {
    if (needs) std::ranges::sort(*needs);
    return needs;
  };
  for (const auto& server : halves) {
    for (const auto& name : halves) {
      const auto tool = server + "/" + name;
      CAPTURE(tool);
      CHECK(sorted(before.needs(tool)) == sorted(after.needs(tool)));
    }
  }
}

/// Servers that list some tools, of which the lock knows one.
policy::lint::Inputs inputs_with_tools(reference::Dice& dice) {
  auto inputs = example_inputs();
  inputs.now = at(reference::kDay - 1);
  std::set<std::string> names;
  for (unsigned i = 0; i < 5; ++i)
    names.insert(dice.tool());
  inputs.tools.emplace();
  for (const auto& name : names)
    inputs.tools->push_back({.name = name});
  inputs.locked_tools = {*names.begin()};
  return inputs;
}

template <class List>
void take_one(List& list, reference::Dice& dice) {
  if (!list.empty()) list.erase(list.begin() + dice.below(static_cast<unsigned>(list.size())));
}

/// Takes one thing out of a world.
void thin_out(reference::World& world, reference::Dice& dice) {
  auto role = world.roles.begin();
  std::advance(role, dice.below(static_cast<unsigned>(world.roles.size())));
  switch (dice.below(4)) {
    case 0:
      return take_one(role->second.scopes, dice);
    case 1:
      return take_one(role->second.deny, dice);
    case 2:
      return take_one(role->second.inherits, dice);
    default:
      return take_one(world.grants, dice);
  }
}

}  // namespace

TEST_CASE(
    "lint/fix: a missing version is written, a misspelt key only when unsafe fixes are wanted") {
  CHECK(fixed("[roles.hr]\nscopes = []\n") == "version = 1\n[roles.hr]\nscopes = []\n");
  const std::string misspelt = "version = 1\n[roles.hr]\nscope = [\"a:b\"] # é\n";
  CHECK(fixed(misspelt) == misspelt);
  CHECK(fixed(misspelt, policy::lint::Unsafe::yes) ==
        "version = 1\n[roles.hr]\nscopes = [\"a:b\"] # é\n");
}

TEST_CASE("lint/fix: a comment of no use goes, with its line or with the blanks before it") {
  CHECK(fixed("version = 1\n# mcpauth: ignore[RB005] why\n[roles.hr]\nscopes = []\n") ==
        "version = 1\n[roles.hr]\nscopes = []\n");
  CHECK(fixed("version = 1\n[roles.hr]  # mcpauth: ignore[RB005] why\nscopes = []\n") ==
        "version = 1\n[roles.hr]\nscopes = []\n");
}

TEST_CASE("lint/fix: a name of no use goes from the list, the others stay") {
  const std::string head = "version = 1\n[roles.hr]\nscopes = [\"a:b\"]\n[roles.HR]  # mcpauth: ";
  const std::string tail = "] why\nscopes = [\"a:c\"]\n";
  CHECK(fixed(head + "ignore[RB002, RB005, RB003" + tail) == head + "ignore[RB005" + tail);
}

TEST_CASE("lint/fix: of a file with windows line ends only what is wrong changes") {
  CHECK(fixed("version = 1\r\n[roles.hr]  # mcpauth: ignore[RB005] why\r\nscopes = []\r\n") ==
        "version = 1\r\n[roles.hr]\r\nscopes = []\r\n");
}

TEST_CASE("lint/fix: policies are the same when only what decides nothing differs") {
  CHECK(compared("[roles.r]\nscopes = [\"a:b\"]\n", "") == Sameness::same);
  CHECK(compared("[roles.r]\nscopes = [\"a:b\", \"a:*\"]\n[[grant]]\nrole = \"r\"\ngroups = "
                 "[\"o:g\"]\n",
                 "[roles.r]\nscopes = [\"a:*\"]\n[[grant]]\nrole = \"r\"\ngroups = [\"o:g\"]\n") ==
        Sameness::same);
}

TEST_CASE("lint/fix: policies differ in what is granted, until when, how long and where") {
  const std::string role = "[roles.r]\nscopes = [\"a:*\"]\n";
  const std::string grant = "[[grant]]\nrole = \"r\"\ngroups = [\"o:g\"]\n";
  const std::string base = role + grant;
  CHECK(compared(base, base) == Sameness::same);
  for (const auto& other :
       {std::string("[roles.r]\nscopes = [\"a:b\"]\n") + grant, base + "expires = 2028-01-01\n",
        base + "org = \"acme\"\n", role + "ttl = \"5m\"\n" + grant,
        role + "deny = [\"a:b\"]\n" + grant, base + "[orgs.acme]\nidps = [\"p\"]\n",
        base + "[tools]\n\"s/t\" = [\"a:b\"]\n"}) {
    CAPTURE(other);
    CHECK(compared(base, other) == Sameness::different);
  }
}

TEST_CASE("lint/fix: a grant that ends later is not the same, though today it is") {
  const std::string base =
      "[roles.r]\nscopes = [\"a:*\"]\n[[grant]]\nrole = \"r\"\ngroups = [\"o:g\"]\nexpires = ";
  CHECK(compared(base + "2028-01-01\n", base + "2029-01-01\n") == Sameness::different);
  CHECK(compared(base + "2025-01-01\n", base + "2026-01-01\n") == Sameness::same);
}

TEST_CASE("lint/fix: a role without scopes matters where a tool is open to whoever holds one") {
  const std::string tool = "[tools]\n\"s/t\" = []\n";
  const std::string role = "[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = [\"o:g\"]\n";
  CHECK(compared(role, "") == Sameness::same);
  CHECK(compared(tool + role, tool) == Sameness::different);
}

TEST_CASE("lint/fix: a tool that is named with what its patterns need already is the same") {
  const std::string globs =
      "[tools]\n\"s/*\" = [\"a:b\"]\n\"s/g*\" = [\"a:c\"]\n\"*/gt\" = [\"a:d\", \"a:b\"]\n";
  const auto named = [&](const std::string& line) { return compared(globs, globs + line + "\n"); };
  CHECK(named("\"s/t\" = [\"a:b\"]") == Sameness::same);
  CHECK(named("\"s/get\" = [\"a:c\"]") == Sameness::same);
  CHECK(named("\"s/gt\" = [\"a:b\", \"a:c\", \"a:d\"]") == Sameness::same);
  CHECK(named("\"s/gt\" = [\"a:c\"]") == Sameness::different);
  CHECK(named("\"x/gt\" = [\"a:b\", \"a:d\"]") == Sameness::same);
  CHECK(compared(globs + "\"s/t\" = [\"a:b\"]\n", globs) == Sameness::same);
}

TEST_CASE("lint/fix: equally specific patterns count together, each alone is not the same") {
  const std::string globs = "[tools]\n\"s/g*\" = [\"a:b\"]\n\"s/*g\" = [\"a:c\"]\n";
  const auto named = [&](const std::string& line) { return compared(globs, globs + line + "\n"); };
  CHECK(named("\"s/gg\" = [\"a:c\", \"a:b\"]") == Sameness::same);
  CHECK(named("\"s/gg\" = [\"a:b\"]") == Sameness::different);
  CHECK(named("\"s/gg\" = []") == Sameness::different);
}

TEST_CASE("lint/fix: an entry that some tool there could be notices is not the same") {
  const std::string glob = "[tools]\n\"s/*\" = [\"a:b\"]\n";
  for (const auto* line :
       {"\"s/t\" = []", "\"s/t\" = [\"a:c\"]", "\"s/t\" = [\"a:b\", \"a:c\"]",
        "\"x/t\" = [\"a:b\"]", "\"x/t\" = []", "\"s/g*\" = [\"a:c\"]", "\"*/t\" = [\"a:b\"]"}) {
    CAPTURE(line);
    CHECK(compared(glob, glob + line + "\n") == Sameness::different);
    CHECK(compared(glob + line + "\n", glob) == Sameness::different);
  }
}

TEST_CASE("lint/fix: a tool added since the lock was written is named by the safe fix") {
  const auto named = fixed(
      "version = 1\n[tools]\n\"hr/*\" = [\"hr:read\"]\n[roles.r]\nscopes = "
      "[\"hr:read\"]\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\"]\n",
      policy::lint::Unsafe::no, {.select = {"RB204"}});
  CHECK(named.find("\"hr/list_employees\" = [\"hr:read\"]\n") != std::string::npos);
}

TEST_CASE(
    "lint/fix: policies that are the same decide the same, whoever asks for whatever whenever") {
  unsigned same = 0;
  for (unsigned seed = 0; seed < 600; ++seed) {
    reference::Dice dice(seed);
    const auto world = dice.world();
    auto other = world;
    thin_out(other, dice);
    const auto before_text = reference::text(world, dice);
    const auto after_text = reference::text(other, dice);
    const auto before = parsed(before_text);
    const auto after = parsed(after_text);
    const auto sameness = policy::lint::compare(before, after, at(reference::kDay - 1));
    CHECK(sameness != Sameness::unknown);
    if (sameness != Sameness::same) continue;
    ++same;
    CAPTURE(before_text);
    CAPTURE(after_text);
    check_same_decisions(before, after, dice);
  }
  CHECK(same > 50);
}

TEST_CASE("lint/fix: no fix changes one decision, whoever asks for whatever whenever") {
  unsigned repairs = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    reference::Dice dice(seed);
    const auto world = dice.world();
    const auto text = reference::text(world, dice);
    CAPTURE(text);
    const auto reading = linting::read(text);
    REQUIRE(reading.faults.empty());
    auto inputs = example_inputs();
    inputs.now = at(reference::kDay - 1);
    const auto* one = &reading;
    const auto result = policy::lint::apply_fixes(
        {&one, 1}, inputs, {.persona = policy::lint::Persona::pedantic}, policy::lint::Unsafe::no);
    repairs += static_cast<unsigned>(result.applied.size());
    CAPTURE(result.after.at("rbac.toml"));
    check_same_decisions(reading.policy, parsed(result.after.at("rbac.toml")), dice);
  }
  CHECK(repairs > 1000);  // or this would prove nothing
}

TEST_CASE(
    "lint/fix: no tool named by a fix changes one decision, of whatever tool there could be") {
  unsigned named = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    reference::Dice dice(seed);
    const auto text = reference::text(dice.world(), dice);
    CAPTURE(text);
    const auto reading = linting::read(text);
    REQUIRE(reading.faults.empty());
    const auto* one = &reading;
    const auto result = policy::lint::apply_fixes({&one, 1}, inputs_with_tools(dice),
                                                  {.select = {"RB2"}}, policy::lint::Unsafe::no);
    const auto after = parsed(result.after.at("rbac.toml"));
    CAPTURE(result.after.at("rbac.toml"));
    named += static_cast<unsigned>(after.tools.size() - reading.policy.tools.size());
    check_same_needs(reading.policy, after);
    check_same_decisions(reading.policy, after, dice);
  }
  CHECK(named > 200);
}

TEST_CASE("lint/fix: tools that come and go are the same only when no tool notices") {
  unsigned same = 0;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    reference::Dice dice(seed);
    const auto world = dice.world();
    auto other = world;
    auto& needs = other.tools[dice.one_in(4) ? dice.tool_pattern() : dice.tool()];
    needs = world.tools.empty() ? std::vector<std::string>{} : world.tools.begin()->second;
    const auto before = parsed(reference::text(world, dice));
    const auto after = parsed(reference::text(other, dice));
    const auto sameness = policy::lint::compare(before, after, at(reference::kDay - 1));
    CHECK(policy::lint::compare(after, before, at(reference::kDay - 1)) == sameness);
    if (sameness != Sameness::same) continue;
    ++same;
    check_same_needs(before, after);
    check_same_decisions(before, after, dice);
  }
  CHECK(same > 50);
}

TEST_CASE("lint/fix: after fixing there is nothing left to fix safely, but what was given up") {
  for (unsigned seed = 1000; seed < 1100; ++seed) {
    reference::Dice dice(seed);
    const auto text = reference::text(dice.world(), dice);
    const auto once = fixed(text, policy::lint::Unsafe::no, {});
    CAPTURE(text);
    CHECK(fixed(once, policy::lint::Unsafe::no, {}) == once);
  }
}

TEST_CASE("lint/patch: a change is shown with three lines around it") {
  CHECK(policy::lint::unified_diff("f", "a\n", "a\n") == "");
  CHECK(policy::lint::unified_diff("f", "a\nb\nc\n", "a\nx\nc\n") ==
        "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
  CHECK(policy::lint::unified_diff("f", "", "a\n") == "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n");
  CHECK(policy::lint::unified_diff("f", "a", "b\n") ==
        "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n");
  CHECK(
      policy::lint::unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n6\n7\n8\n9\n") ==
      "--- f\n+++ f\n@@ -2,7 +2,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n");
}

TEST_CASE("lint/patch: two changes near each other are one hunk") {
  CHECK(policy::lint::unified_diff("f", "a\nb\nc\nd\n", "x\nb\nc\ny\n") ==
        "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+x\n b\n c\n-d\n+y\n");
}

TEST_CASE("lint/patch: changes far apart are two hunks") {
  std::string lines;
  for (int i = 0; i < 20; ++i)
    lines += std::to_string(i) + "\n";
  auto far = lines;
  far.replace(far.find("1\n"), 2, "one\n").replace(far.find("18\n"), 3, "x\n");
  const auto patch = policy::lint::unified_diff("f", lines, far);
  CHECK(patch.find("@@ -1,5 +1,5 @@\n") != std::string::npos);
  CHECK(patch.find("@@ -16,5 +16,5 @@\n") != std::string::npos);
}
