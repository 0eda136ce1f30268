#include "unit/core/policy/lint/rules/checked.hpp"

using namespace mcpauth;
using linting::found;
using linting::only;
using linting::summary;
constexpr std::string_view kReach = "reach";

namespace {

std::string with_grant(std::string text) {
  return "version = 1\n" + text + "[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\"]\n";
}

}  // namespace

TEST_CASE("lint/reach: the examples") {
  linting::check_examples(kReach, linting::at_new_year());
}

TEST_CASE("lint/reach: a policy with nothing idle is left alone") {
  CHECK(summary(found(kReach,
                      "version = 1\n"
                      "[scopes]\n\"a:b\" = {}\n\"a:c\" = {}\n"
                      "[roles.r]\nscopes = [\"a:*\"]\ndeny = [\"a:c\"]\n"
                      "[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\"]\n")) == "");
}

TEST_CASE(
    "lint/reach: a role is reached by an expired grant and through roles, not by those out of "
    "reach") {
  const auto findings =
      found(kReach,
            "version = 1\n"
            "[roles.base]\nscopes = [\"a\"]\n"
            "[roles.old]\ninherits = [\"base\"]\nscopes = [\"b\"]\n"
            "[roles.lost]\nscopes = [\"c\"]\n"
            "[roles.more]\ninherits = [\"lost\"]\n"
            "[[grant]]\nrole = \"old\"\ngroups = [\"okta:A\"]\nexpires = 2020-01-01\n");
  CHECK(summary(findings) == "7:8 unreachable-role\n9:8 unreachable-role\n");
  CHECK_FALSE(findings[0].fix);  // another role still names it
  CHECK(findings[0].hint == "take `more` out first, or grant one of them");
  REQUIRE(findings[1].fix);
}

TEST_CASE("lint/reach: the fix of a role takes its comment along and leaves one empty line") {
  const std::string text =
      "version = 1\n\n[roles.r]\nscopes = [\"a\"]\n\n# who knows\n[roles.lost]\nscopes = [\n"
      "  \"b\",  # why\n]\n\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\"]\n";
  const auto finding = only(found(kReach, text), "unreachable-role");
  CHECK(linting::fixed(text, *finding.fix) ==
        "version = 1\n\n[roles.r]\nscopes = [\"a\"]\n\n[[grant]]\nrole = \"r\"\ngroups = "
        "[\"okta:A\"]\n");
}

TEST_CASE("lint/reach: a role of another form than a table has no fix") {
  const auto finding = only(found(kReach, "version = 1\nroles = { lost = { scopes = [\"a\"] } }\n"),
                            "unreachable-role");
  CHECK_FALSE(finding.fix);
}

TEST_CASE("lint/reach: what is shadowed names what allows the same, without a catalogue says so") {
  const auto finding = only(found(kReach, with_grant("[roles.r]\nscopes = [\"a:b\", \"a:**\"]\n")),
                            "shadowed-grant");
  CHECK(finding.message ==
        "`a:b` of role `r` adds nothing: `a:**` of the same role allows the same (by the patterns: "
        "there is no [scopes])");
  REQUIRE(finding.related.size() == 1);
  CHECK(finding.related[0].place.span.column == 18);
  CHECK(finding.path == "roles.r.scopes[\"a:b\"]");
  CHECK(finding.severity == policy::lint::Severity::info);
}

TEST_CASE("lint/reach: two allows may shadow a third only together") {
  const auto finding =
      only(found(kReach, with_grant("[scopes]\n\"a:b\" = {}\n\"a:c\" = {}\n"
                                    "[roles.r]\nscopes = [\"a:b\", \"a:c\", \"a:*\"]\n")),
           "shadowed-grant");
  CHECK(finding.place.span.column == 25);  // the last one goes, the two that are left say it all
  CHECK(finding.message ==
        "`a:*` of role `r` adds nothing: others allow or deny the same to everybody who holds the "
        "role");
}

TEST_CASE(
    "lint/reach: an allow that somebody else's deny takes back is only overridden for all "
    "holders") {
  const std::string roles =
      "version = 1\n[roles.r]\nscopes = [\"a:b\"]\n[roles.d]\ndeny = [\"a:**\"]\n"
      "[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\"]\n[[grant]]\nrole = \"d\"\ngroups = "
      "[\"okta:A\"]\n";
  const auto finding = only(found(kReach, roles), "overridden-grant");
  REQUIRE(finding.related.size() == 1);
  CHECK(finding.related[0].text == "denied here");
  CHECK(summary(found(kReach, roles + "[[grant]]\nrole = \"r\"\ngroups = [\"okta:B\"]\n")) == "");
}

TEST_CASE("lint/reach: a deny is not vacuous when another group of the same IdP is allowed it") {
  const std::string text =
      "version = 1\n[roles.r]\nscopes = [\"a:b\"]\n[roles.d]\ndeny = [\"a:**\"]\n"
      "[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\"]\n[[grant]]\nrole = \"d\"\ngroups = [\"";
  CHECK(summary(found(kReach, text + "okta:B\"]\n")) == "");
  CHECK(summary(found(kReach, text + "entra:B\"]\n")) == "5:9 vacuous-rule\n");
}

TEST_CASE("lint/reach: groups of different orgs are never one principal's") {
  const std::string text =
      "version = 1\n[roles.r]\nscopes = [\"a:b\"]\n[roles.d]\ndeny = [\"a:**\"]\n"
      "[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\"]\norg = \"acme\"\n"
      "[[grant]]\nrole = \"d\"\ngroups = [\"okta:B\"]\n";
  CHECK(summary(found(kReach, text)) == "");
  CHECK(summary(found(kReach, text + "org = \"zeta\"\n")) == "5:9 vacuous-rule\n");
}

TEST_CASE("lint/reach: an empty role gives something where a tool is open to every holder") {
  const std::string roles =
      "version = 1\n[roles.r]\n[roles.t]\nttl = \"5m\"\n[roles.d]\ndeny = [\"a\"]\n"
      "[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\"]\n[[grant]]\nrole = \"t\"\ngroups = "
      "[\"okta:A\"]\n";
  const auto finding = only(found(kReach, roles), "vacuous-rule");
  CHECK(finding.place.span.line == 2);
  CHECK(summary(found(kReach, roles + "[tools]\n\"s/t\" = []\n")) == "5:8 unreachable-role\n");
}

TEST_CASE("lint/reach: duplicates in every kind of list, each with its fix") {
  const std::string text =
      "version = 1\n[tools]\n\"s/t\" = [\"a\", \"a\"]\n"
      "[roles.b]\nscopes = [\"a\"]\n[roles.r]\ninherits = [\"b\", \"b\"]\ndeny = [\"c\", \"c\"]\n"
      "[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\", \"okta:A\"]\norg = \"acme\"\n"
      "[orgs.acme]\nidps = [\"okta\", \"okta\"]\n"
      "[[separation]]\nname = \"s\"\nnever_both = [\"x\", \"y\", \"x\"]\n";
  std::string places;
  std::string after = text;
  auto findings = found(kReach, text);
  std::ranges::sort(findings, std::ranges::greater{},
                    [](const auto& f) { return f.place.span.line; });
  for (const auto& finding : findings) {
    if (finding.rule->name != "duplicate-entry") continue;
    places += std::to_string(finding.place.span.line) + " ";
    REQUIRE(finding.fix);
    after = linting::fixed(after, *finding.fix);
  }
  CHECK(places == "17 14 11 8 7 3 ");
  CHECK(summary(found(kReach, after)) == "8:9 vacuous-rule\n");
}

TEST_CASE("lint/reach: of two grants of the same the one that ends first is the duplicate") {
  const std::string one = "[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\"]\n";
  const std::string text =
      "version = 1\n[roles.r]\nscopes = [\"a\"]\n" + one + "expires = 2027-06-30\n" + one;
  const auto finding = only(found(kReach, text), "duplicate-entry");
  CHECK(finding.place.span.line == 6);
  CHECK(linting::fixed(text, *finding.fix) == "version = 1\n[roles.r]\nscopes = [\"a\"]\n" + one);
  CHECK(summary(found(kReach, text + "org = \"acme\"\n")) == "");
}

TEST_CASE("lint/reach: what is listed and inherited names the way") {
  const auto finding =
      only(found(kReach,
                 "version = 1\n[roles.a]\nscopes = [\"x\"]\n[roles.b]\ninherits = [\"a\"]\n"
                 "[roles.r]\ninherits = [\"b\"]\nscopes = [\"x\", \"y\"]\n"
                 "[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\"]\n"),
           "redundant-inherited-scope");
  CHECK(finding.why == "r → b → a → x");
  CHECK(finding.place.span.line == 8);
}

TEST_CASE("lint/reach: a conflict is reported once for each deny, and says who wins") {
  const auto finding = only(
      found(kReach,
            "version = 1\n[roles.w]\nscopes = [\"db:write\"]\n[roles.v]\nscopes = [\"db:read\"]\n"
            "[roles.d]\nscopes = [\"wiki\"]\ndeny = [\"db:*\"]\n"
            "[[grant]]\nrole = \"w\"\ngroups = [\"okta:A\", \"okta:B\"]\n"
            "[[grant]]\nrole = \"v\"\ngroups = [\"okta:A\", \"okta:B\"]\n"
            "[[grant]]\nrole = \"d\"\ngroups = [\"okta:B\"]\n"),
      "allow-deny-conflict");
  CHECK(finding.message ==
        "role `d` denies what role `w` and 1 other role allow, and `okta:B` holds both: the deny "
        "wins");
  CHECK(finding.related.size() == 2);
}

TEST_CASE(
    "lint/reach: a deny of its own role or of what it inherits is not a conflict, nor a role that "
    "only denies") {
  const std::string to_all = "groups = [\"okta:A\"]\n";
  CHECK(summary(found(
            kReach,
            "version = 1\n[roles.w]\nscopes = [\"db:*\"]\n"
            "[roles.d]\ninherits = [\"w\"]\nscopes = [\"x:*\"]\ndeny = [\"db:drop\", \"x:y\"]\n"
            "[roles.only]\ndeny = [\"db:salary\"]\n"
            "[[grant]]\nrole = \"d\"\n" +
                to_all + "[[grant]]\nrole = \"only\"\n" + to_all)) == "");
}

TEST_CASE("lint/reach: what is too large is not judged, and that is said") {
  const linting::World world(
      "version = 1\n[roles.r]\nscopes = [\"a:b:c:d\", \"*:x:*:**\"]\n"
      "[[grant]]\nrole = \"r\"\ngroups = [\"okta:A\"]\n",
      linting::kNewYear, 3);
  auto findings = linting::run(kReach, world);
  CHECK(findings.take().empty());
  CHECK(findings.take_notes().size() == 6);
}

TEST_CASE("lint/reach: a policy with faults is judged by its lists alone") {
  const auto findings =
      found(kReach, "version = 1\n[roles.r]\nscopes = [\"a\", \"a\"]\ninherits = [\"nobody\"]\n");
  CHECK(summary(findings) == "3:16 duplicate-entry\n");
}
