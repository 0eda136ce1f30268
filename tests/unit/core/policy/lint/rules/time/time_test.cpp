#include "core/policy/lint/fix/edits.hpp"
#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;

namespace {

const std::string kRole =
    "version = 1\n[scopes]\n\"pay:approve\" = { risk = \"high\" }\n\"hr:read\" = "
    "{}\n[roles.lead]\nscopes = [\"pay:approve\"]\n[roles.hr]\nscopes = [\"hr:read\"]\n";

std::vector<policy::lint::Finding> found(std::string_view rule, const std::string& policy) {
  std::vector<policy::lint::Finding> out;
  for (auto& finding : linting::lint_text(policy).findings) {
    if (finding.rule->name == rule) out.push_back(std::move(finding));
  }
  return out;
}

std::string grant(std::string_view role, std::string_view rest = "") {
  return "[[grant]]\nrole = \"" + std::string(role) + "\"\ngroups = [\"okta:HR\"]\n" +
         std::string(rest);
}

}  // namespace

TEST_CASE("lint/time: an expired grant is taken out whole, and nothing else") {
  const std::string rest = "[[grant]]\nrole = \"hr\"\ngroups = [\"okta:Everyone\"]\n";
  const auto before = kRole + "\n# kept\n" + grant("hr", "expires = 2026-12-31  # over\n") + "\n";
  const auto findings = found("grant-expired", before + rest);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].message == "the grant of role `hr` has expired: 2027-01-01T00:00:00Z, now");
  const policy::lint::Texts texts{{"rbac.toml", before + rest}};
  policy::lint::EditSet edits(texts);
  REQUIRE(edits.add(*findings[0].fix));
  CHECK(edits.apply().at("rbac.toml") == kRole + "\n# kept\n" + rest);
}

TEST_CASE("lint/time: the last grant of a file without a line end is taken out, too") {
  const auto policy =
      kRole + "[[grant]]\nrole = \"hr\"\nexpires = 2020-01-01\ngroups = [\"okta:HR\"]";
  const auto findings = found("grant-expired", policy);
  REQUIRE(findings.size() == 1);
  const policy::lint::Texts texts{{"rbac.toml", policy}};
  policy::lint::EditSet edits(texts);
  REQUIRE(edits.add(*findings[0].fix));
  CHECK(edits.apply().at("rbac.toml") == kRole);
}

TEST_CASE("lint/time: a grant within a list is reported and not removed") {
  const auto findings = found("grant-expired",
                              "version = 1\ngrant = [{ role = \"hr\", groups = [\"okta:HR\"], "
                              "expires = 2020-01-01 }]\n[roles.hr]\nscopes = [\"hr:read\"]\n");
  REQUIRE(findings.size() == 1);
  CHECK_FALSE(findings[0].fix.has_value());
}

TEST_CASE("lint/time: soon is thirty days unless said otherwise") {
  const auto soon = [](std::string_view day) {
    return found("grant-expiring-soon", kRole + grant("hr", "expires = " + std::string(day) + "\n"))
        .size();
  };
  CHECK(soon("2027-01-01") == 1);
  CHECK(soon("2027-01-30") == 1);
  CHECK(soon("2027-01-31") == 0);
  CHECK(soon("2026-12-31") == 0);  // over already
}

TEST_CASE("lint/time: emergency roles need an end and a reason") {
  const auto told = [](std::string_view role, std::string_view rest) {
    const auto name = std::string(role);
    const auto findings =
        found("permanent-break-glass",
              "version = 1\n[roles." + name + "]\nscopes = [\"a:b\"]\n" + grant(role, rest));
    return findings.empty() ? std::string{} : findings[0].message;
  };
  constexpr std::string_view kBoth = "expires = 2028-01-01\nreason = \"INC-1\"\n";
  CHECK(told("break-glass", "") ==
        "role `break-glass` is for emergencies and is granted for ever and without a reason");
  CHECK(told("BreakGlass", "reason = \"x\"\n") ==
        "role `BreakGlass` is for emergencies and is granted for ever");
  CHECK(told("prod_emergency", "expires = 2028-01-01\n") ==
        "role `prod_emergency` is for emergencies and is granted without a reason");
  CHECK(told("oncall-root", "") != "");
  CHECK(told("fire-call", "") != "");
  CHECK(told("break-glass", kBoth) == "");
  for (const auto* role :
       {"oncall", "root-cause-reader", "emergency-contacts-x", "glass", "breaker"}) {
    CAPTURE(role);
    CHECK((told(role, "") == "") == (std::string_view(role) != "emergency-contacts-x"));
  }
}

TEST_CASE("lint/time: a ttl of another role that is held counts") {
  CHECK(found("ttl-missing-high-risk", kRole + grant("lead")).size() == 1);
  CHECK(found("ttl-missing-high-risk", kRole + grant("hr")).empty());
  CHECK(found("ttl-missing-high-risk", kRole).empty());  // nobody holds it
  CHECK(found("ttl-missing-high-risk", kRole +
                                           "[roles.short]\nttl = \"5m\"\nscopes = [\"hr:read\"]\n" +
                                           grant("lead") + grant("short"))
            .empty());
  const auto destroys = found("ttl-missing-high-risk",
                              "version = 1\n[tools]\n\"hr/set_salary\" = "
                              "[\"hr:set\"]\n[roles.boss]\nscopes = [\"hr:*\"]\n" +
                                  grant("boss"));
  REQUIRE(destroys.size() == 1);
  CHECK(destroys[0].message ==
        "role `boss` gives `hr:set` (`hr/set_salary` destroys) and sets no ttl");
  // Reading is not what makes the tool dangerous, and who cannot call it is not told about.
  const std::string two =
      "version = 1\n[scopes]\n\"hr:get\" = { risk = \"low\" }\n\"hr:set\" = {}\n[tools]\n"
      "\"hr/set_salary\" = [\"hr:get\", \"hr:set\"]\n[roles.reader]\nscopes = [\"hr:get\"]\n"
      "[roles.boss]\ninherits = [\"reader\"]\nscopes = [\"hr:set\"]\n";
  CHECK(found("ttl-missing-high-risk", two + grant("reader")).empty());
  const auto boss = found("ttl-missing-high-risk", two + grant("boss"));
  REQUIRE(boss.size() == 1);
  CHECK(boss[0].message == "role `boss` gives `hr:set` (`hr/set_salary` destroys) and sets no ttl");
}
