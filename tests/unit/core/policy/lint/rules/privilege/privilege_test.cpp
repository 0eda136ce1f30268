#include "core/policy/engine/pattern.hpp"
#include "unit/core/policy/lint/rules/checked.hpp"
#include "unit/core/policy/lint/rules/random_policy.hpp"

using namespace mcpauth;
using linting::found;
using linting::only;
using linting::summary;
constexpr std::string_view kPrivilege = "privilege";

namespace {

policy::lint::Inputs with_tools() {
  auto inputs = linting::at_new_year();
  inputs.tools = {{.name = "code/push", .is_destructive = true, .is_open_world = true},
                  {.name = "hr/get_employee", .is_read_only = true},
                  {.name = "hr/list_employees", .is_read_only = true},
                  {.name = "hr/set_salary", .is_destructive = true}};
  inputs.locked_tools = {"hr/get_employee", "hr/set_salary"};
  return inputs;
}

std::string granted(const std::string& role, const std::string& group = "okta:HR") {
  return "[[grant]]\nrole = \"" + role + "\"\ngroups = [\"" + group + "\"]\n";
}

/// The findings of one rule, as "line:column" each.
std::string places(std::string_view rule, std::string_view text,
                   const policy::lint::Inputs& inputs = linting::at_new_year()) {
  auto all = found(kPrivilege, text, inputs);
  std::erase_if(all, [&](const auto& finding) { return finding.rule->name != rule; });
  auto out = summary(all);
  for (auto at = out.find(' '); at != std::string::npos; at = out.find(' ', at))
    out.replace(at, out.find('\n', at) - at + 1, ";");
  return out;
}

}  // namespace

TEST_CASE("lint/privilege: the examples") {
  linting::check_examples(kPrivilege, with_tools());
}

TEST_CASE("lint/privilege: only what is nothing but a wildcard is one for everything") {
  CHECK(places("global-wildcard",
               "version = 1\n[tools]\n\"*/*\" = [\"a\"]\n\"s/*\" = [\"a\"]\n[roles.r]\n"
               "scopes = [\"*\", \"**\", \"*:*\"]\ndeny = [\"**\"]\n") == "3:1;6:11;6:16;");
}

TEST_CASE(
    "lint/privilege: a glob is broad by what it decides about, not by what exact names take from "
    "it") {
  const std::string text =
      "version = 1\n[tools]\n\"hr/set_salary\" = [\"w\"]\n\"hr/*\" = [\"r\"]\n";
  CHECK(places("over-broad-tool-glob", text, with_tools()) == "");
  auto inputs = with_tools();
  inputs.broad_glob = 1;
  CHECK(places("over-broad-tool-glob", text, inputs) == "4:1;");
}

TEST_CASE("lint/privilege: the fix of a broad glob names the risky tools with what they need") {
  const std::string text =
      "version = 1\n[tools]\n  \"hr/*\" = [\"a\"]\n  \"hr/s*\" = [\"b\", \"c\"]\n";
  const auto finding = only(found(kPrivilege, text, with_tools()), "over-broad-tool-glob");
  CHECK(
      finding.message ==
      "`hr/s*` decides about `hr/set_salary`, which says that it may destroy or reach the outside");
  CHECK(linting::fixed(text, *finding.fix) ==
        "version = 1\n[tools]\n  \"hr/*\" = [\"a\"]\n  \"hr/set_salary\" = [\"b\", \"c\"]\n"
        "  \"hr/s*\" = [\"b\", \"c\"]\n");
}

TEST_CASE("lint/privilege: without the servers' tools a glob is judged by the policy's own names") {
  std::string text = "version = 1\n[tools]\n\"s/*\" = [\"a\"]\n";
  for (int i = 0; i < 20; ++i)
    text += "\"s/t" + std::to_string(i) + "\" = [\"a\"]\n";
  CHECK(places("over-broad-tool-glob", text) == "");
  CHECK(places("over-broad-tool-glob", text + "\"s/u\" = [\"a\"]\n") == "3:1;");
}

TEST_CASE(
    "lint/privilege: patterns that match nothing, by the catalogue, by tools' needs, by the "
    "tools") {
  CHECK(places("glob-matches-nothing",
               "version = 1\n[tools]\n\"s/t\" = [\"a:b\"]\n[roles.r]\n"
               "scopes = [\"a:*\", \"b:*\"]\ndeny = [\"c:**\"]\n") == "5:18;6:9;");
  CHECK(places("glob-matches-nothing", "version = 1\n[roles.r]\nscopes = [\"a:*\"]\n") == "");
  CHECK(places("glob-matches-nothing",
               "version = 1\n[tools]\n\"hr/*\" = [\"a\"]\n\"h/*\" = [\"a\"]\n",
               with_tools()) == "4:1;");
}

TEST_CASE("lint/privilege: what was added since the lock is named, each with its fix") {
  const std::string text = "version = 1\n[tools]\n\"hr/*\" = [\"r\"]\n\"code/*\" = []\n";
  auto inputs = with_tools();
  auto findings = found(kPrivilege, text, inputs);
  std::erase_if(findings, [](const auto& f) { return f.rule->name != "glob-expansion-drift"; });
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].message ==
        "`hr/*` decides about `hr/list_employees`, which is not in rbac.lock");
  CHECK(linting::fixed(text, *findings[1].fix) ==
        "version = 1\n[tools]\n\"hr/*\" = [\"r\"]\n\"code/push\" = []\n\"code/*\" = []\n");
  inputs.locked_tools.reset();
  CHECK(places("glob-expansion-drift", text, inputs) == "");
}

namespace {

const std::string kRisks =
    "version = 1\n[scopes]\n\"t:read\" = { risk = \"low\" }\n\"m:do\" = {}\n\"p:pay\" = { risk = "
    "\"high\" }\n";

}  // namespace

TEST_CASE("lint/privilege: an escalation shows its chain") {
  const auto finding = only(
      found(kPrivilege, kRisks +
                            "[roles.ops]\nscopes = [\"p:*\"]\n[roles.team]\ninherits = [\"ops\"]\n"
                            "[roles.support]\ninherits = [\"team\"]\nscopes = [\"t:*\"]\n" +
                            granted("support", "okta:Helpdesk")),
      "escalation-by-inheritance");
  CHECK(finding.message ==
        "role `support` reaches `p:pay` (risk high) through `team`, and lists nothing above risk "
        "low");
  CHECK(finding.why == "okta:Helpdesk → support → team → ops → p:* → p:pay");
  CHECK(finding.place.span.line == 11);
  CHECK(finding.related[0].place.span.line == 7);
}

TEST_CASE("lint/privilege: an escalation is reported where it begins, and not where it is denied") {
  CHECK(places("escalation-by-inheritance",
               kRisks + "[roles.ops]\nscopes = [\"p:*\"]\n[roles.a]\ninherits = [\"ops\"]\nscopes "
                        "= [\"t:read\"]\n"
                        "[roles.b]\ninherits = [\"a\"]\nscopes = [\"t:read\"]\n") == "9:13;");
  CHECK(places("escalation-by-inheritance",
               kRisks + "[roles.ops]\nscopes = [\"p:*\"]\n[roles.a]\ninherits = [\"ops\"]\nscopes "
                        "= [\"t:read\"]\n"
                        "deny = [\"p:pay\"]\n") == "");
  CHECK(
      places("escalation-by-inheritance",
             kRisks +
                 "[roles.ops]\nscopes = [\"p:*\", \"t:read\"]\n[roles.all]\ninherits = [\"ops\"]\n"
                 "[roles.high]\ninherits = [\"ops\"]\nscopes = [\"p:pay\"]\n") == "");
}

TEST_CASE("lint/privilege: an administrative scope is one however it is given") {
  const auto rule = "policy-admin-grant";
  CHECK(places(rule,
               "version = 1\n[roles.r]\nscopes = [\"*:mint\", \"*:*\", \"x:*\", "
               "\"mcpauth:vault:**\"]\n" +
                   granted("r")) == "3:11;3:21;3:35;");
  // With a catalogue only what is in it, and nobody is allowed what is denied.
  CHECK(places(rule, "version = 1\n[scopes]\n\"x:mint\" = {}\n[roles.r]\nscopes = [\"*:mint\"]\n" +
                         granted("r")) == "");
  CHECK(places(rule, "version = 1\n[roles.r]\nscopes = [\"*:*\"]\ndeny = [\"mcpauth:**\"]\n" +
                         granted("r")) == "");
  const auto finding = only(found(kPrivilege,
                                  "version = 1\n[roles.a]\nscopes = [\"mcpauth:audit:clear\"]\n"
                                  "[roles.r]\ninherits = [\"a\"]\n" +
                                      granted("r")),
                            rule);
  CHECK(finding.message ==
        "role `a` gives `mcpauth:audit:clear`: everybody who holds it may clear the audit log");
  CHECK(finding.why == "okta:HR → r → a → mcpauth:audit:clear");
}

TEST_CASE(
    "lint/privilege: a lockout is when the policy knows of administration and nobody has it") {
  const auto rule = "admin-lockout";
  CHECK(places(rule, "version = 1\n[roles.r]\nscopes = [\"a\"]\n" + granted("r")) == "");
  CHECK(places(rule, "version = 1\n[roles.r]\ndeny = [\"mcpauth:**\"]\n" + granted("r")) == "");
  const std::string both =
      "version = 1\n[scopes]\n\"mcpauth:mint\" = {}\n\"mcpauth:policy:write\" = {}\n[roles.r]\n";
  CHECK(places(rule, both + "scopes = [\"mcpauth:mint\"]\n" + granted("r")) == "4:1;");
  CHECK(places(rule, both + "scopes = [\"mcpauth:**\"]\n" + granted("r")) == "");
  const auto finding =
      only(found(kPrivilege, both + "scopes = [\"mcpauth:policy:*\"]\n" + granted("r") +
                                 "expires = 2026-12-31T00:00:00Z\n"),
           rule);
  CHECK(finding.place.span.line == 6);
  REQUIRE(finding.related.size() == 1);
  CHECK(finding.related[0].text == "this grant has expired");
}

namespace {

const std::string kDuties =
    "version = 1\n[roles.clerk]\nscopes = [\"pay:create\"]\n[roles.lead]\nscopes = "
    "[\"pay:approve\"]\n"
    "[[separation]]\nname = \"payments\"\nnever_both = [\"pay:create\", \"pay:approve\"]\n";

}  // namespace

TEST_CASE(
    "lint/privilege: both sides by one group, by two of an IdP, but never by two IdPs or orgs") {
  const auto message = [](const std::string& grants) {
    const auto findings = found(kPrivilege, kDuties + grants);
    return findings.empty() ? "" : findings.front().message;
  };
  CHECK(message(granted("clerk") + granted("lead")) ==
        "group `okta:HR` holds both `pay:create` and `pay:approve`");
  CHECK(message(granted("clerk", "okta:A") + "org = \"acme\"\n" + granted("lead", "okta:B")) ==
        "everybody in both `okta:A` and `okta:B` in org `acme` holds both `pay:create` and "
        "`pay:approve`");
  CHECK(message(granted("clerk", "okta:A") + granted("lead", "entra:B")) == "");
  CHECK(message(granted("clerk", "okta:A") + "org = \"acme\"\n" + granted("lead", "okta:B") +
                "org = \"zeta\"\n") == "");
  CHECK(message(granted("clerk", "okta:A\", \"okta:B") + granted("lead", "okta:A\", \"okta:B")) ==
        "group `okta:A` holds both `pay:create` and `pay:approve`, and so does 1 other group");
}

TEST_CASE("lint/privilege: the chains of both sides of a separation are shown") {
  const auto finding =
      only(found(kPrivilege, kDuties + granted("clerk", "okta:A") + granted("lead", "okta:B")),
           "separation-of-duty");
  CHECK(finding.why == "okta:A → clerk → pay:create; okta:B → lead → pay:approve");
  CHECK(finding.place.span.line == 7);
  CHECK(finding.related.size() == 2);
}

TEST_CASE("lint/privilege: everybody is who directories say is everybody, in every spelling") {
  const auto rule = "everyone-group-write";
  const std::string text = "version = 1\n[roles.r]\nscopes = [\"hr:write\"]\n";
  for (const std::string group : {"okta:Everyone", "ad:CN=Domain Users,DC=example",
                                  "entra:all_employees", "ad:S-1-5-21-1-2-3-513"}) {
    CAPTURE(group);
    CHECK(places(rule, text + granted("r", group)) == "6:11;");
  }
  CHECK(places(rule, text + granted("r", "okta:Everyone-in-HR")) == "");
  CHECK(places(rule,
               "version = 1\n[roles.r]\nscopes = [\"hr:read:*\", \"doc:list\", \"x:read_all\"]\n" +
                   granted("r", "okta:Everyone")) == "");
  CHECK(places(rule,
               "version = 1\n[roles.r]\nscopes = [\"hr:*\"]\ndeny = "
               "[\"hr:write\"]\n[tools]\n\"s/t\" = [\"hr:write\"]\n"
               "[scopes]\n\"hr:write\" = {}\n\"hr:read\" = {}\n" +
                   granted("r", "okta:Everyone")) == "");
}

TEST_CASE("lint/privilege: a scope that only reading tools need is for reading") {
  const std::string text =
      "version = 1\n[tools]\n\"hr/get_employee\" = [\"hr:people\"]\n[roles.r]\nscopes = "
      "[\"hr:people\"]\n" +
      granted("r", "okta:Everyone");
  CHECK(places("everyone-group-write", text) == "8:11;");
  CHECK(places("everyone-group-write", text, with_tools()) == "");
}

TEST_CASE("lint/privilege: a separation is broken when some principal holds two of its scopes") {
  const auto principals = linting::all_principals();
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    CAPTURE(seed);
    linting::RandomPolicy random(seed);
    const auto text = random.text();
    CAPTURE(text);
    const linting::World world(text);
    REQUIRE(world.engine);
    const auto scopes = random.scopes();
    std::vector<std::vector<policy::Standing>> standing;
    for (const auto& principal : principals)
      standing.push_back(world.engine->standing(principal, scopes, linting::kNewYear));
    std::vector<std::string> expected;
    for (const auto& separation : world.engine->policy().separations) {
      const auto& sides = separation.never_both;
      const auto holds = [&](const auto& mine, std::size_t a, std::size_t b) {
        for (std::size_t s = 0; s < scopes.size(); ++s) {
          if (mine[s] != policy::Standing::allowed ||
              !policy::scope_matches(sides[a].value, scopes[s]))
            continue;
          for (std::size_t t = 0; t < scopes.size(); ++t) {
            if (s != t && mine[t] == policy::Standing::allowed &&
                policy::scope_matches(sides[b].value, scopes[t]))
              return true;
          }
        }
        return false;
      };
      const bool broken = std::ranges::any_of(standing, [&](const auto& mine) {
        for (std::size_t a = 0; a < sides.size(); ++a) {
          for (std::size_t b = a + 1; b < sides.size(); ++b) {
            if (holds(mine, a, b)) return true;
          }
        }
        return false;
      });
      if (broken) expected.push_back("separation." + separation.name.value);
    }
    std::vector<std::string> told;
    for (const auto& finding : linting::run(kPrivilege, world).take()) {
      if (finding.rule->name == "separation-of-duty") told.push_back(finding.path);
    }
    CHECK(told == expected);
  }
}
