#include "core/policy/engine/decide.hpp"

#include <array>
#include <chrono>
#include <string>
#include <thread>

#include <doctest/doctest.h>

using namespace mcpauth;
using namespace mcpauth::policy;
using namespace std::chrono;

namespace {

constexpr Instant kNow = sys_days(2027y / January / 1);

Engine engine_of(const std::string& text) {
  auto policy = parse("version = 1\n" + text, "rbac.toml");
  if (!policy) FAIL(policy.error().message);
  return Engine(*std::move(policy));
}

Principal member(std::vector<std::string> groups, std::string org = "acme") {
  return {.idp = "okta",
          .subject = "ann",
          .org = std::move(org),
          .groups = std::move(groups),
          .client_id = {}};
}

std::string ask(const Engine& engine, const Principal& who, std::string_view tool,
                Instant now = kNow) {
  const auto decision = engine.tool(who, tool, now);
  return (decision.allowed ? "yes " : "no ") + std::string(decision.reason);
}

const std::string kHr = R"(
[tools]
"hr/get" = ["db:read:employee"]
"hr/set" = ["db:read:employee", "db:write:salary"]
"hr/pay" = ["db:write:payroll"]
"hr/ping" = []
[roles.admin]
inherits = ["reader"]
scopes = ["db:write:*"]
deny = ["db:write:payroll"]
ttl = "5m"
[roles.reader]
scopes = ["x", "db:read:*"]
ttl = "10m"
[roles.payroll]
scopes = ["db:write:payroll"]
[[grant]]
role = "reader"
groups = ["okta:HR", "okta:Audit"]
[[grant]]
role = "admin"
groups = ["okta:Leads"]
[[grant]]
role = "payroll"
groups = ["okta:Pay"]
)";

}  // namespace

TEST_CASE("policy/decide: absent means denied") {
  const auto empty = engine_of("");
  CHECK(ask(empty, member({"okta:HR"}), "hr/get") == "no unknown-tool");
  CHECK_FALSE(empty.needs("hr/get"));
  CHECK(empty.roles(member({"okta:HR"}), kNow).empty());
  const auto engine = engine_of(kHr);
  CHECK(ask(engine, member({}), "hr/get") == "no no-grant");
  CHECK(ask(engine, member({"okta:Other"}), "hr/get") == "no no-grant");
  CHECK(ask(engine, member({"okta:HR"}), "hr/getx") == "no unknown-tool");
  CHECK(ask(engine, member({"okta:HR"}), "") == "no unknown-tool");
  CHECK(ask(engine, member({"okta:HR"}), "hr/set") == "no scope-not-held");
  CHECK(ask(engine, member({"okta:HR"}), "hr/get") == "yes granted");
}

TEST_CASE("policy/decide: a principal without an organisation holds nothing") {
  const auto engine = engine_of(kHr);
  CHECK(ask(engine, member({"okta:HR"}, ""), "hr/get") == "no no-org");
  CHECK(engine.scopes(member({"okta:HR"}, ""), {"x"}, kNow).reason == "no-org");
  CHECK(engine.roles(member({"okta:HR"}, ""), kNow).empty());
  CHECK(engine.held_scopes(member({"okta:HR"}, ""), kNow).empty());
}

TEST_CASE("policy/decide: groups are compared byte for byte, with their IdP") {
  const auto engine = engine_of(kHr);
  for (const auto* group : {"HR", "okta:hr", "okta:HR ", " okta:HR", "entra:HR", "okta:", ":HR",
                            "okta:HR:x", "OKTA:HR", "okta:HR\n", ""}) {
    CAPTURE(group);
    CHECK(ask(engine, member({group}), "hr/get") == "no no-grant");
  }
}

TEST_CASE("policy/decide: a deny beats every allow, from whichever role") {
  const auto engine = engine_of(kHr);
  CHECK(ask(engine, member({"okta:Pay"}), "hr/pay") == "yes granted");
  CHECK(ask(engine, member({"okta:Leads"}), "hr/pay") == "no scope-denied");
  CHECK(ask(engine, member({"okta:Pay", "okta:Leads"}), "hr/pay") == "no scope-denied");
  const auto decision = engine.tool(member({"okta:Pay", "okta:Leads"}), "hr/pay", kNow);
  REQUIRE(decision.evidence.size() == 1);
  CHECK(decision.evidence[0].denied);
  CHECK(decision.evidence[0].role->name.value == "admin");
  CHECK(decision.evidence[0].pattern->place.span.line == 11);
  CHECK(decision.evidence[0].grant->role.value == "admin");
}

TEST_CASE("policy/decide: an allowance names role, pattern and grant") {
  const auto engine = engine_of(kHr);
  const auto decision = engine.tool(member({"okta:Leads"}), "hr/set", kNow);
  CHECK(decision.allowed);
  CHECK(decision.tool->pattern.value == "hr/set");
  CHECK(decision.ttl == minutes(5));
  REQUIRE(decision.evidence.size() == 2);
  CHECK(decision.evidence[0].scope == "db:read:employee");
  CHECK(decision.evidence[0].role->name.value == "reader");
  CHECK(decision.evidence[0].pattern->value == "db:read:*");
  CHECK(decision.evidence[0].grant->role.value == "admin");
  CHECK(decision.evidence[1].role->name.value == "admin");
  CHECK(engine.tool(member({"okta:Leads", "okta:HR"}), "hr/set", kNow)
            .evidence[0]
            .grant->role.value == "reader");
}

TEST_CASE("policy/decide: a denial lists only what fails") {
  const auto engine = engine_of(kHr);
  const auto decision = engine.tool(member({"okta:HR"}), "hr/set", kNow);
  REQUIRE(decision.evidence.size() == 1);
  CHECK(decision.evidence[0].scope == "db:write:salary");
  CHECK(decision.evidence[0].role == nullptr);
  CHECK(decision.evidence[0].grant == nullptr);
  CHECK(decision.ttl == minutes(10));
}

TEST_CASE("policy/decide: a tool without scopes is open exactly to those who hold a role") {
  const auto engine = engine_of(kHr);
  CHECK(ask(engine, member({"okta:Audit"}), "hr/ping") == "yes open-tool");
  CHECK(ask(engine, member({"okta:None"}), "hr/ping") == "no no-role");
  CHECK(engine.needs("hr/ping")->empty());
}

TEST_CASE("policy/decide: the most specific tool entries decide") {
  const auto engine = engine_of(R"(
[tools]
"*/*" = ["any"]
"hr/*" = ["hr"]
"hr/get_*" = ["get"]
"hr/*_pay" = ["pay", "get"]
"hr/get_pay" = ["exact"]
"*/get_team" = ["team"]
)");
  const auto needs = [&](std::string_view tool) {
    std::string out;
    const auto scopes = engine.needs(tool);
    REQUIRE(scopes);
    for (const auto& scope : *scopes)
      out += scope + " ";
    return out;
  };
  CHECK(needs("it/x") == "any ");
  CHECK(needs("hr/x") == "hr ");
  CHECK(needs("hr/get_x") == "get ");
  CHECK(needs("hr/get_x_pay") == "get pay ");
  CHECK(needs("hr/get_pay") == "exact ");
  CHECK(needs("hr/get_team") == "team ");
  CHECK_FALSE(engine.needs("hr"));
  CHECK_FALSE(engine.needs("hr/x/y"));
  CHECK_FALSE(engine.needs("/x"));
  const auto decision = engine.tool(member({}), "hr/get_x_pay", kNow);
  CHECK(decision.tool->pattern.value == "hr/get_*");
}

TEST_CASE("policy/decide: a grant ends with its day in UTC, or at its instant") {
  const std::string head =
      "[tools]\n\"a/b\" = []\n[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = "
      "[\"okta:HR\"]\nexpires = ";
  const auto who = member({"okta:HR"});
  const auto day = engine_of(head + "2027-01-31\n");
  const Instant end = sys_days(2027y / February / 1);
  CHECK(ask(day, who, "a/b", end - seconds(1)) == "yes open-tool");
  CHECK(ask(day, who, "a/b", end) == "no no-role");
  const auto instant = engine_of(head + "2027-01-31T10:00:00+02:00\n");
  const Instant at = sys_days(2027y / January / 31) + hours(8);
  CHECK(ask(instant, who, "a/b", at - seconds(1)) == "yes open-tool");
  CHECK(ask(instant, who, "a/b", at) == "no no-role");
}

TEST_CASE("policy/decide: a grant of one org means nothing in another") {
  const auto engine = engine_of(
      "[tools]\n\"a/b\" = []\n[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\"]\n"
      "org = \"acme\"\n");
  CHECK(ask(engine, member({"okta:HR"}, "acme"), "a/b") == "yes open-tool");
  for (const auto* org : {"Acme", "acme ", "other", "*"}) {
    CAPTURE(org);
    CHECK(ask(engine, member({"okta:HR"}, org), "a/b") == "no no-role");
  }
}

TEST_CASE("policy/decide: groups of an IdP that the org does not list give nothing there") {
  const std::string grant =
      "[tools]\n\"a/b\" = []\n[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\", "
      "\"entra:HR\"]\n[orgs.acme]\n";
  const auto engine = engine_of(grant + "idps = [\"okta\"]\n");
  const auto nobody = engine_of(grant + "idps = []\n");
  const auto open = engine_of(grant);
  CHECK(ask(engine, member({"okta:HR"}), "a/b") == "yes open-tool");
  CHECK(ask(engine, member({"entra:HR"}), "a/b") == "no no-role");
  CHECK(ask(engine, member({"entra:HR", "okta:HR"}), "a/b") == "yes open-tool");
  CHECK(ask(engine, member({"entra:HR"}, "other"), "a/b") == "yes open-tool");
  CHECK(ask(nobody, member({"okta:HR"}), "a/b") == "no no-role");
  CHECK(ask(open, member({"entra:HR"}), "a/b") == "yes open-tool");
}

TEST_CASE("policy/decide: scopes asked for are judged like those of a tool") {
  const auto engine = engine_of(kHr);
  const auto who = member({"okta:Leads"});
  const auto ask_scopes = [&](const std::vector<std::string>& scopes) {
    const auto decision = engine.scopes(who, scopes, kNow);
    return (decision.allowed ? "yes " : "no ") + std::string(decision.reason) + " " +
           std::to_string(decision.evidence.size());
  };
  CHECK(ask_scopes({"x", "db:write:anything"}) == "yes granted 2");
  CHECK(ask_scopes({"x", "y", "db:write:payroll"}) == "no scope-denied 2");
  CHECK(ask_scopes({"x", "y"}) == "no scope-not-held 1");
  CHECK(ask_scopes({}) == "no bad-scope 0");
  for (const auto* bad : {"db:*", "**", "", "a b", "db:write:", "db::x", "\u00e9"}) {
    CAPTURE(bad);
    CHECK(ask_scopes({"x", bad}) == "no bad-scope 1");
  }
  CHECK(engine.scopes(member({}), {"x"}, kNow).reason == "no-grant");
}

TEST_CASE("policy/decide: where a catalogue lists the scopes, nobody holds one that it does not") {
  const policy::Engine engine(*policy::parse(
      "version = 1\n[scopes]\n\"a:b\" = {}\n[roles.r]\nscopes = [\"a:*\", \"c:**\"]\n"
      "[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\"]\n",
      "rbac.toml"));
  const policy::Principal alice{
      .idp = "okta", .subject = "alice", .org = "acme", .groups = {"okta:HR"}, .client_id = {}};
  CHECK(engine.scopes(alice, {"a:b"}, {}).allowed);
  const auto denied = engine.scopes(alice, {"a:b", "a:c", "c:d"}, {});
  CHECK_FALSE(denied.allowed);
  CHECK(denied.reason == "unknown-scope");
  REQUIRE(denied.evidence.size() == 2);
  CHECK(denied.evidence[0].scope == "a:c");
}

TEST_CASE("policy/decide: the scopes held come from catalogue and tools, sorted") {
  const auto engine = engine_of(
      "[scopes]\n\"b:two\" = {}\n\"a:one\" = {}\n\"c\" = {}\n[tools]\n\"s/t\" = [\"b:two\"]\n"
      "[roles.r]\nscopes = [\"*:*\"]\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\"]\n");
  CHECK(engine.held_scopes(member({"okta:HR"}), kNow) ==
        std::vector<std::string>{"a:one", "b:two"});
}

TEST_CASE("policy/decide: roles come in file order, with the first grant that leads to them") {
  const auto engine = engine_of(kHr);
  const auto roles = engine.roles(member({"okta:Leads", "okta:HR"}), kNow);
  REQUIRE(roles.size() == 2);
  CHECK(roles[0].role->name.value == "admin");
  CHECK(roles[0].grant->role.value == "admin");
  CHECK(roles[1].role->name.value == "reader");
  CHECK(roles[1].grant->role.value == "reader");
}

TEST_CASE("policy/decide: granted roles come once and without what they inherit") {
  const auto engine = engine_of(kHr);
  const auto granted = engine.granted(member({"okta:Pay", "okta:Leads", "okta:Leads"}), kNow);
  REQUIRE(granted.size() == 2);
  CHECK(granted[0]->name.value == "admin");
  CHECK(granted[1]->name.value == "payroll");
  CHECK(engine.granted(member({"okta:Nobody"}), kNow).empty());
  CHECK(engine.granted(member({"okta:HR"}, ""), kNow).empty());
}

TEST_CASE("policy/decide: a role reached by ten thousand steps is held") {
  std::string text = "[tools]\n\"a/b\" = [\"deep\"]\n";
  for (int i = 0; i < 9'999; ++i) {
    text += "[roles.r" + std::to_string(i) + "]\ninherits = [\"r" + std::to_string(i + 1) + "\"]\n";
  }
  text += "[roles.r9999]\nscopes = [\"deep\"]\n[[grant]]\nrole = \"r0\"\ngroups = [\"okta:HR\"]\n";
  const auto engine = engine_of(text);
  CHECK(ask(engine, member({"okta:HR"}), "a/b") == "yes granted");
  CHECK(engine.roles(member({"okta:HR"}), kNow).size() == 10'000);
}

TEST_CASE("policy/decide: one engine serves several threads") {
  const auto engine = engine_of(kHr);
  std::array<int, 4> allowed{};
  std::vector<std::thread> threads;
  for (auto& count : allowed) {
    threads.emplace_back([&engine, &count] {
      for (int i = 0; i < 2000; ++i) {
        count += engine.tool(member({"okta:Leads"}), "hr/set", kNow).allowed ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  for (const int count : allowed)
    CHECK(count == 2000);
}
