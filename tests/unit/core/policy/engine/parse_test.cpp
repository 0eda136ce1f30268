#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "core/policy/engine/policy.hpp"

using namespace mcpauth;
using namespace mcpauth::policy;

namespace {

/// Every problem as "line:column message | hint", one a line.
std::string problems(std::string_view text, const PolicyLimits& limits = {}) {
  const auto policy = parse(text, "rbac.toml", limits);
  if (policy) return "taken";
  CHECK(policy.error().code == Errc::config);
  std::string out;
  for (const auto& problem : policy.error().problems) {
    CHECK(problem.file == "rbac.toml");
    if (!out.empty()) out += "\n";
    out +=
        std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " + problem.message;
    if (!problem.hint.empty()) out += " | " + problem.hint;
  }
  return out;
}

/// The same for a text after `version = 1`, which is line 1.
std::string faults(const std::string& text) {
  return problems("version = 1\n" + text);
}

Policy taken(std::string_view text) {
  auto policy = parse(text, "rbac.toml");
  if (!policy) FAIL(policy.error().message);
  return *std::move(policy);
}

constexpr std::string_view kDesign = R"(version = 1

[scopes]                                   # optional catalogue
"db:read:employee" = { risk = "low",  description = "Read employee records" }
"db:write:salary"  = { risk = "high" }
"db:write:payroll" = {}
"payments:create"  = {}
"payments:approve" = {}

[tools]
"hr/get_employee"  = ["db:read:employee"]
"hr/set_salary"    = ["db:write:salary"]
"hr/*"             = ["db:read:employee"]

[roles.hr-reader]
scopes = ["db:read:*"]
[roles.hr-admin]
inherits = ["hr-reader"]
scopes   = ["db:write:*"]
deny     = ["db:write:payroll"]
ttl      = "5m"

[[grant]]
role    = "hr-reader"
groups  = ["okta:HR"]
org     = "acme"
expires = 2027-01-31
reason  = "HR-1234"

[orgs.acme]
idps = ["okta"]

[[separation]]
name  = "payments"
never_both = ["payments:create", "payments:approve"]
)";

}  // namespace

TEST_CASE("policy/parse: a whole policy arrives with all its parts") {
  using namespace std::chrono;
  const Policy policy = taken(kDesign);
  CHECK(policy.file == "rbac.toml");
  CHECK(policy.has_scope_catalogue);
  REQUIRE(policy.scopes.size() == 5);
  CHECK(policy.scopes[0].name.value == "db:read:employee");
  CHECK(policy.scopes[0].risk == Risk::low);
  CHECK(policy.scopes[0].description == "Read employee records");
  CHECK(policy.scopes[1].risk == Risk::high);
  CHECK(policy.scopes[2].risk == Risk::medium);
  REQUIRE(policy.tools.size() == 3);
  CHECK(policy.tools[2].pattern.value == "hr/*");
  CHECK(policy.tools[2].needs[0].value == "db:read:employee");
  REQUIRE(policy.roles.size() == 2);
  CHECK(policy.roles[1].name.value == "hr-admin");
  CHECK(policy.roles[1].inherits[0].value == "hr-reader");
  CHECK(policy.roles[1].deny[0].value == "db:write:payroll");
  CHECK(policy.roles[1].ttl == minutes(5));
  REQUIRE(policy.grants.size() == 1);
  CHECK(policy.grants[0].role.value == "hr-reader");
  CHECK(policy.grants[0].groups[0].value == "okta:HR");
  CHECK(policy.grants[0].org->value == "acme");
  CHECK(policy.grants[0].until == Instant(sys_days(2027y / February / 1)));
  CHECK(policy.grants[0].reason == "HR-1234");
  REQUIRE(policy.orgs.size() == 1);
  CHECK(policy.orgs[0].idps->front().value == "okta");
  REQUIRE(policy.separations.size() == 1);
  CHECK(policy.separations[0].never_both[1].value == "payments:approve");
}

TEST_CASE("policy/parse: everything knows its place, keys too") {
  const Policy policy = taken(kDesign);
  const auto at = [](const toml::Span& span) {
    return std::to_string(span.line) + ":" + std::to_string(span.column) + "-" +
           std::to_string(span.end_column);
  };
  CHECK(at(policy.scopes[0].name.place.span) == "4:1-19");
  CHECK(at(find(policy.scopes[0].fields, "risk")->value_span) == "4:31-36");
  CHECK(at(policy.tools[2].pattern.place.span) == "13:1-7");
  CHECK(at(policy.tools[2].needs_span) == "13:22-42");
  CHECK(at(policy.roles[1].name.place.span) == "17:8-16");
  CHECK(at(policy.roles[1].place.span) == "17:1-17");
  CHECK(at(policy.roles[1].inherits[0].place.span) == "18:13-24");
  CHECK(at(find(policy.roles[1].fields, "ttl")->key_span) == "21:1-4");
  CHECK(at(find(policy.roles[1].fields, "ttl")->value_span) == "21:12-16");
  CHECK(find(policy.roles[1].fields, "description") == nullptr);
  CHECK(at(policy.grants[0].place.span) == "23:1-10");
  CHECK(at(find(policy.grants[0].fields, "expires")->value_span) == "27:11-21");
  CHECK(at(find(policy.orgs[0].fields, "idps")->key_span) == "31:1-5");
  CHECK(at(policy.separations[0].name.place.span) == "34:9-19");
  CHECK(policy.grants[0].place.file == "rbac.toml");
}

TEST_CASE("policy/parse: the version is asked for and must be 1") {
  CHECK(problems("") == "1:1 the policy has no `version` | start the file with version = 1");
  CHECK(problems("version = 2") == "1:11 version 2 is not known | this program reads version 1");
  CHECK(problems("version = \"1\"") ==
        "1:11 `version` must be a whole number, not a string | write version = 1");
  CHECK(problems("version = 1") == "taken");
}

TEST_CASE("policy/parse: a fault of TOML itself is placed") {
  CHECK(faults("[roles.a]\nscopes = [\"a\"\n") == "3:10 `[` is not closed");
  CHECK(faults("[roles.a]\n[roles.a]\n") ==
        "3:1 `roles.a` is defined a second time | keep one of the two");
  CHECK(faults("[roles.a]\nscopes = [\"a\"] \u00a0\n") ==
        "3:16 a character beyond ASCII outside a string or comment | put it in double quotes");
}

TEST_CASE("policy/parse: one bracket too few is reported as such") {
  const std::string hint = " | write [[grant]], with two brackets, for each entry";
  CHECK(faults("[[grant]]\n[grant]\n") ==
        "3:1 `grant` is a list of tables, and here one table" + hint);
  CHECK(faults("[grant]\n[[grant]]\n") ==
        "3:1 `grant` is one table, and here a list of tables" + hint + ", also for the first");
  CHECK(faults("[grant]\n[grant]\n") == "3:1 `grant` is defined a second time" + hint);
}

TEST_CASE("policy/parse: an expiry with a time needs an offset") {
  CHECK(faults("[[grant]]\nexpires = 2027-01-01T00:00:00\n") ==
        "3:11 a time needs an offset | "
        "write 2027-01-01T00:00:00Z, or +02:00 for the Z, or the day alone: 2027-01-01");
}

TEST_CASE("policy/parse: an unknown key is an error everywhere and names the nearest") {
  CHECK(faults("[role.a]\n") == "2:2 unknown key `role` in the policy | did you mean `roles`?");
  CHECK(faults("[roles.a]\ninherit = [\"b\"]\n") ==
        "3:1 unknown key `inherit` in a role | did you mean `inherits`?");
  CHECK(
      faults("[roles.a]\nzzzzzz = 1\n") ==
      "3:1 unknown key `zzzzzz` in a role | the keys are inherits, scopes, deny, ttl, description");
  CHECK(faults("[scopes]\na = { rsik = \"low\" }\n") ==
        "3:7 unknown key `rsik` in a scope | did you mean `risk`?");
  CHECK(faults("[roles.r]\n[[grant]]\nrole = \"r\"\ngroup = [\"a:b\"]\ngroups = [\"a:b\"]\n") ==
        "5:1 unknown key `group` in a grant | did you mean `groups`?");
  CHECK(faults("[orgs.acme]\nidp = [\"okta\"]\n") ==
        "3:1 unknown key `idp` in an org | did you mean `idps`?");
  CHECK(faults("[[separation]]\nname = \"x\"\nnever_both = [\"a\", \"b\"]\nnever = 1\n")
            .starts_with("5:1 unknown key `never` in a separation"));
}

TEST_CASE("policy/parse: a value of the wrong type is reported with the type that is needed") {
  CHECK(faults("[roles.a]\nscopes = \"a b\"\n") ==
        "3:10 `scopes` must be a list of strings, not a string | write [\"a b\"]");
  CHECK(faults("[roles.a]\nscopes = [\"a\", 1, []]\n") ==
        "3:16 an item of `scopes` must be a string, not a whole number\n"
        "3:19 an item of `scopes` must be a string, not a list");
  CHECK(faults("[roles.a]\nscopes = [\"\"]\n") == "3:11 `scopes` has an empty string");
  CHECK(faults("[roles.a]\nttl = 300\n") ==
        "3:7 `ttl` must be a string, not a whole number | write a ttl like \"5m\"");
  CHECK(faults("roles = 1\n") == "2:9 `roles` must be a table, not a whole number");
  CHECK(faults("roles.a = 1\n") == "2:11 a role must be a table, not a whole number");
  CHECK(faults("[grant]\nrole = \"a\"\n") ==
        "2:1 `grant` must be a list of tables, not a table | "
        "write [[grant]], with two brackets, for each entry");
  CHECK(faults("grant = [1]\n") == "2:10 a grant must be a table, not a whole number");
  CHECK(faults("[tools]\n\"a/b\" = \"c\"\n") ==
        "3:9 `a/b` must be a list of strings, not a string | write [\"c\"]");
  CHECK(faults("[scopes]\na = \"low\"\n") == "3:5 a scope must be a table, not a string");
}

TEST_CASE("policy/parse: a malformed scope is refused where it stands") {
  const std::string concrete = " | write it like db:read:employee";
  const std::string pattern = concrete + ", db:read:* or db:**";
  CHECK(faults("[tools]\n\"a/b\" = [\"db:*\"]\n") ==
        "3:10 `db:*` is a pattern, not a scope" + concrete);
  CHECK(faults("[scopes]\n\"a b\" = {}\n") ==
        "3:1 `a b` has a character that is not a letter, digit, `.`, `_` or `-`" + concrete);
  CHECK(faults("[roles.a]\nscopes = [\"db:re*\"]\ndeny = [\"**:x\"]\n") ==
        "3:11 `db:re*` has a wildcard inside a segment, but `*` must be a whole segment" + pattern +
            "\n4:9 `**:x` has `**` before the end, but it can only be the last segment" + pattern);
}

TEST_CASE("policy/parse: a malformed tool pattern is refused where it stands") {
  const std::string hint = " | write it like \"hr/get_employee\" or \"hr/*\"";
  CHECK(faults("[tools]\nhr = []\n\"a/b/c\" = []\n") ==
        "3:1 `hr` is not a tool of the form server/tool" + hint +
            "\n4:1 `a/b/c` is not a tool of the form server/tool" + hint);
}

TEST_CASE("policy/parse: undefined roles are named with the nearest one") {
  CHECK(faults("[roles.hr-reader]\n[roles.b]\ninherits = [\"hr-raeder\"]\n[[grant]]\n"
               "role = \"nobody-knows\"\ngroups = [\"a:b\"]\n") ==
        "4:13 role `hr-raeder` is not defined | did you mean `hr-reader`?\n"
        "6:8 role `nobody-knows` is not defined | add [roles.nobody-knows]");
}

TEST_CASE("policy/parse: with a catalogue an unknown scope is an error, a pattern is not") {
  const std::string catalogue = "[scopes]\n\"db:read\" = {}\n";
  CHECK(faults(catalogue + "[tools]\n\"a/b\" = [\"db:raed\"]\n[roles.r]\nscopes = "
                           "[\"zz:zz\", \"nothing:*\"]\ndeny = [\"db:reads\"]\n") ==
        "5:10 scope `db:raed` is not in [scopes] | did you mean `db:read`?\n"
        "7:11 scope `zz:zz` is not in [scopes] | add it to [scopes]\n"
        "8:9 scope `db:reads` is not in [scopes] | did you mean `db:read`?");
  CHECK(faults(catalogue + "[[separation]]\nname = \"x\"\nnever_both = [\"db:read\", \"db:x\"]\n")
            .starts_with("6:26 scope `db:x` is not in [scopes]"));
  CHECK(faults("[scopes]\n[tools]\n\"a/b\" = [\"x\"]\n") ==
        "4:10 scope `x` is not in [scopes] | add it to [scopes]");
  CHECK(faults("[tools]\n\"a/b\" = [\"x\"]\n") == "taken");
}

TEST_CASE("policy/parse: a cycle of inheritance is reported with its path") {
  const std::string hint = " | remove one of these roles from the `inherits` of another";
  CHECK(faults("[roles.a]\ninherits = [\"b\"]\n[roles.b]\ninherits = [\"x\", \"c\"]\n"
               "[roles.c]\ninherits = [\"a\"]\n[roles.x]\n") ==
        "3:13 role `a` inherits itself: a \u2192 b \u2192 c \u2192 a" + hint);
  CHECK(faults("[roles.a]\ninherits = [\"a\"]\n") ==
        "3:13 role `a` inherits itself: a \u2192 a" + hint);
}

TEST_CASE("policy/parse: ten thousand roles deep neither overflow nor go unseen in a circle") {
  std::string text = "version = 1\n";
  for (int i = 0; i < 9'999; ++i) {
    text += "[roles.r" + std::to_string(i) + "]\ninherits = [\"r" + std::to_string(i + 1) + "\"]\n";
  }
  CHECK(problems(text + "[roles.r9999]\n") == "taken");
  CHECK(problems(text + "[roles.r9999]\ninherits = [\"r0\"]\n") ==
        "3:13 role `r0` inherits itself: r0 \u2192 r1 \u2192 r2 \u2192 r3 \u2192 r4 \u2192 r5 "
        "\u2192 \u2026 \u2192 r9999 \u2192 r0 | remove one of these roles from the "
        "`inherits` of another");
}

TEST_CASE("policy/parse: a grant needs a role and groups with their IdP") {
  CHECK(faults("[[grant]]\n") == "2:1 a grant needs `groups`\n2:1 a grant needs `role`");
  CHECK(faults("[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = []\n") ==
        "5:10 `groups` is empty, so the grant is for nobody | name a group, as in \"okta:HR\"");
  CHECK(faults("[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = [\"HR\", \":HR\", \"okta:\"]\n") ==
        "5:11 `HR` does not name its IdP | write \"idp:HR\" with the name of the IdP\n"
        "5:17 `:HR` is not idp:group | write it like \"okta:HR\"\n"
        "5:24 `okta:` is not idp:group | write it like \"okta:HR\"");
  CHECK(faults("[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = [\"a:b:c\"]\norg = \"*\"\n") ==
        "6:7 `*` is not an org | leave `org` out to grant in every org");
  CHECK(faults("[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = [\"a:b\"]\norg = \"\"\n") ==
        "6:7 `org` is empty");
}

TEST_CASE("policy/parse: an expiry is a date or a date with a time") {
  using namespace std::chrono;
  const std::string grant = "version = 1\n[roles.r]\n[[grant]]\nrole = \"r\"\ngroups = [\"a:b\"]\n";
  const auto until = [&](const std::string& value) {
    return taken(grant + "expires = " + value + "\n").grants[0].until.value();
  };
  const sys_days day = 2027y / January / 31;
  CHECK(until("2027-01-31") == day + days(1));
  CHECK(until("2027-01-31T10:00:00Z") == day + hours(10));
  CHECK(until("2027-01-31T10:00:00+02:00") == day + hours(8));
  CHECK(until("2027-01-31T10:00:00.9Z") == day + hours(10));
  CHECK(until("2027-01-31 10:00:00Z") == day + hours(10));
  CHECK(problems(grant + "expires = \"2027-01-31\"\n") ==
        "6:11 `expires` must be a date, not a string | write expires = 2027-01-31, without quotes");
}

TEST_CASE("policy/parse: a ttl is 5 to 15 minutes") {
  const auto ttl = [](const std::string& text) {
    return faults("[roles.r]\nttl = \"" + text + "\"\n");
  };
  CHECK(ttl("5m") == "taken");
  CHECK(ttl("900s") == "taken");
  CHECK(ttl("299s") == "3:7 a ttl of `299s` is outside 5m to 15m | write \"5m\", the shortest");
  CHECK(ttl("1h") == "3:7 a ttl of `1h` is outside 5m to 15m | write \"15m\", the longest");
  CHECK(ttl("10") == "3:7 `10` is not a duration | write a ttl like \"5m\"");
}

TEST_CASE("policy/parse: risks and separations are checked") {
  CHECK(faults("[scopes]\na = { risk = \"hgih\" }\n") ==
        "3:14 `hgih` is not a risk | did you mean `high`?");
  CHECK(faults("[[separation]]\nname = \"x\"\nnever_both = [\"a\"]\n") ==
        "4:14 `never_both` needs at least two scopes");
  CHECK(faults("[[separation]]\n") ==
        "2:1 a separation needs `name`\n2:1 a separation needs `never_both`");
  const std::string one = "[[separation]]\nname = \"x\"\nnever_both = [\"a\", \"b:*\"]\n";
  CHECK(faults(one) == "taken");
  CHECK(faults(one + one) == "6:8 separation `x` is defined a second time | keep one of the two");
}

TEST_CASE("policy/parse: all faults are reported at once, in the order of the file") {
  const auto policy = parse(
      "version = 3\n[[grant]]\nrole = \"admin\"\ngroups = [\"HR\"]\n[roles.admn]\nttl = \"1s\"\n"
      "[tools]\nhr = [\"*\"]\n",
      "p.toml");
  REQUIRE_FALSE(policy);
  std::string lines;
  for (const auto& problem : policy.error().problems)
    lines += std::to_string(problem.line) + " ";
  CHECK(lines == "1 3 4 6 8 8 ");
  CHECK(policy.error().message == "p.toml:1:11: version 3 is not known (and 5 more)");
}

TEST_CASE("policy/parse: more than the limits is refused") {
  CHECK(
      problems("version = 1\n[roles.a]\n[roles.b]\n", {.roles = 1}).ends_with("more than 1 roles"));
  CHECK(problems("version = 1\n[scopes]\na = {}\nb = {}\n", {.scopes = 1}) ==
        "2:1 more than 1 scopes");
  CHECK(problems("version = 1\n[tools]\n\"a/b\" = []\n\"a/c\" = []\n", {.tools = 1}) ==
        "2:1 more than 1 tools");
  CHECK(problems("version = 1\n[[grant]]\n[[grant]]\n", {.grants = 1}) == "2:1 more than 1 grant");
  CHECK(problems("version = 1\n", {.bytes = 4}) == "1:1 larger than 4 bytes");
}
