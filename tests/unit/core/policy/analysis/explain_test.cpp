#include "core/policy/analysis/explain.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "core/policy/analysis/remedy.hpp"
#include "unit/core/policy/engine/random_world.hpp"

using namespace mcpauth;
using policy::Standing;
using policy::analysis::Question;

namespace {

policy::Engine engine(const std::string& text) {
  auto policy = policy::parse("version = 1\n" + text, "rbac.toml");
  REQUIRE(policy);
  return policy::Engine(*std::move(policy));
}

Question tool(std::vector<std::string> groups, std::string name, std::string org = "acme") {
  return {.principal = {.idp = "okta",
                        .subject = "ann",
                        .org = std::move(org),
                        .groups = std::move(groups),
                        .client_id = {}},
          .asked = std::move(name),
          .is_tool = true};
}

Instant at(std::int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

std::string told(const policy::analysis::Route& route) {
  std::string out = route.group;
  for (const auto* role : route.roles)
    out += " > " + role->name.value;
  return out + (route.is_deny ? " denies " : " > ") + route.pattern->value +
         (route.decides ? " !" : "");
}

/// The edits of each remedy, "a; b".
std::vector<std::string> remedies(const policy::Engine& engine, const Question& question,
                                  Instant now = {}) {
  std::vector<std::string> out;
  for (const auto& remedy : policy::analysis::remedies_for(engine, question, now).list) {
    std::string text;
    for (const auto& edit : remedy.edits)
      text += (text.empty() ? "" : "; ") + edit.text;
    out.push_back(text);
  }
  return out;
}

const std::string kBase =
    "[tools]\n\"hr/get\" = [\"hr:read\"]\n\"hr/set\" = [\"hr:read\", \"hr:write\"]\n\"hr/help\" = "
    "[]\n"
    "[roles.reader]\nscopes = [\"hr:read\"]\n"
    "[roles.writer]\ninherits = [\"reader\"]\nscopes = [\"hr:write\"]\n"
    "[roles.contractor]\ndeny = [\"hr:**\"]\n"
    "[[grant]]\nrole = \"reader\"\ngroups = [\"okta:R\"]\norg = \"acme\"\n"
    "[[grant]]\nrole = \"writer\"\ngroups = [\"okta:W\"]\norg = \"acme\"\nexpires = 2027-01-31\n"
    "[[grant]]\nrole = \"contractor\"\ngroups = [\"okta:C\"]\n";

}  // namespace

TEST_CASE("analysis/explain: every way from a group to a scope, and the one that decides") {
  const auto policy = engine(kBase);
  const auto found = policy::analysis::explain(policy, tool({"okta:W", "okta:R"}, "hr/set"), at(0));
  CHECK(found.decision.allowed);
  REQUIRE(found.scopes.size() == 2);
  REQUIRE(found.scopes[0].routes.size() == 2);
  CHECK(told(found.scopes[0].routes[0]) == "okta:R > reader > hr:read !");
  CHECK(told(found.scopes[0].routes[1]) == "okta:W > writer > reader > hr:read");
  CHECK(told(found.scopes[1].routes.at(0)) == "okta:W > writer > hr:write !");
}

TEST_CASE("analysis/explain: grants that do not apply are listed with the reason") {
  const auto policy = engine(kBase +
                             "[orgs.acme]\nidps = [\"okta\"]\n[[grant]]\nrole = \"reader\"\n"
                             "groups = [\"entra:E\"]\n");
  const auto found =
      policy::analysis::explain(policy, tool({"okta:W", "entra:E"}, "hr/get"), at(2'000'000'000));
  CHECK_FALSE(found.decision.allowed);
  REQUIRE(found.unapplied.size() == 2);
  CHECK(found.unapplied[0].why == policy::analysis::UnappliedGrant::Why::expired);
  CHECK(found.unapplied[1].why == policy::analysis::UnappliedGrant::Why::idp);
  const auto other = policy::analysis::explain(policy, tool({"okta:R"}, "hr/get", "zeta"), at(0));
  REQUIRE(other.unapplied.size() == 1);
  CHECK(other.unapplied[0].why == policy::analysis::UnappliedGrant::Why::other_org);
}

TEST_CASE(
    "analysis/remedy: an expired grant is renewed, a missing one is added, narrow roles first") {
  const auto policy = engine(kBase);
  const auto late = at(2'000'000'000);
  const auto expired = remedies(policy, tool({"okta:W"}, "hr/get"), late);
  REQUIRE(expired.size() == 3);
  CHECK(expired[0] == "add a grant of role `reader` to `okta:W` in org `acme`");
  CHECK(std::ranges::count(expired, "give the grant of role `writer` a later `expires`") == 1);
  const auto nobody = remedies(policy, tool({"okta:new"}, "hr/get"));
  REQUIRE_FALSE(nobody.empty());
  CHECK(nobody[0] == "add a grant of role `reader` to `okta:new` in org `acme`");
  const auto held = remedies(policy, tool({"okta:R"}, "hr/set"));
  CHECK(std::ranges::count(held, "add `hr:write` to the `scopes` of role `reader`") == 1);
}

TEST_CASE("analysis/remedy: a deny or a group of its grant is removed, and the effect is listed") {
  const auto policy = engine(kBase);
  const auto found =
      policy::analysis::remedies_for(policy, tool({"okta:R", "okta:C"}, "hr/get"), at(0));
  REQUIRE(found.list.size() == 2);
  CHECK(found.is_complete);
  for (const auto& remedy : found.list) {
    // Without its only grant, a group may not even call the tool that is open to every role.
    const bool splits = remedy.edits[0].text.find("grant") != std::string::npos;
    CHECK(remedy.effect.verdict ==
          (splits ? policy::analysis::Verdict::incomparable : policy::analysis::Verdict::more));
    CHECK(remedy.lets_in > 0);
  }
  const auto both = remedies(policy, tool({"okta:C"}, "hr/get"));
  REQUIRE_FALSE(both.empty());
  CHECK(both[0].find("; ") != std::string::npos);  // one edit is not enough
}

TEST_CASE("analysis/remedy: tools are listed like others of the server, IdPs are accepted") {
  const auto policy = engine(kBase + "[orgs.shut]\nidps = [\"entra\"]\n");
  const auto unknown = remedies(policy, tool({"okta:R"}, "hr/new"));
  REQUIRE_FALSE(unknown.empty());
  CHECK(std::ranges::count(unknown, "list the tool `hr/new` in [tools], needing `hr:read`") == 1);
  const auto shut = remedies(policy, tool({"okta:C"}, "hr/help", "shut"));
  REQUIRE(shut.size() == 1);
  CHECK(shut[0] == "accept groups of the IdP `okta` in org `shut`: add it to `idps`");
  CHECK(remedies(policy, tool({}, "hr/get")).empty());
  CHECK(remedies(policy, tool({"okta:R"}, "hr/get")).empty());  // it is allowed
  CHECK(remedies(policy, tool({"okta:R"}, "hr/get", "")).empty());
}

TEST_CASE("analysis/explain: the ways agree with the decisions of the engine, in random policies") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    reference::Dice dice(seed);
    auto parsed = policy::parse(reference::text(dice.world(), dice), "rbac.toml");
    REQUIRE(parsed);
    const policy::Engine policy(*std::move(parsed));
    const auto asker = dice.asker();
    const Question question = tool(asker.groups, dice.tool(), asker.org);
    const auto now = at(dice.instant());
    const auto found = policy::analysis::explain(policy, question, now);
    for (const auto& trace : found.scopes) {
      const auto denies = std::ranges::count_if(trace.routes, &policy::analysis::Route::is_deny);
      CHECK((denies > 0) == (trace.standing == Standing::denied));
      CHECK(trace.routes.empty() == (trace.standing == Standing::absent));
      CHECK((std::ranges::count_if(trace.routes, &policy::analysis::Route::decides) > 0) ==
            !trace.routes.empty());
      for (const auto& group : asker.groups) {
        auto alone = question.principal;
        alone.groups = {group};
        const auto standing = policy.standing(alone, {trace.scope}, now)[0];
        std::vector<bool> denying;
        for (const auto& route : trace.routes) {
          if (route.group == group) denying.push_back(route.is_deny);
        }
        CHECK(denying.empty() == (standing == Standing::absent));
        if (!denying.empty()) CHECK(denying[0] == (standing == Standing::denied));
      }
    }
  }
}
