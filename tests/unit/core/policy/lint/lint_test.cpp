#include "core/policy/lint/lint.hpp"

#include "core/policy/lint/explain.hpp"
#include "core/policy/lint/rules/catalogue.hpp"
#include "support.hpp"

using namespace mcpauth;
using namespace linting;

namespace {

const std::string kTwins =
    "version = 1\n[roles.hr]\nscopes = [\"a:b\"]\n[roles.HR]\nscopes = [\"a:c\"]\n";

std::string twins(const policy::lint::Selection& selection, const std::string& more = {}) {
  auto outcome = lint_text(kTwins + more, selection);
  std::erase_if(outcome.findings, [](const auto& one) { return one.rule->code != "RB005"; });
  return summary(outcome);
}

const std::string kFound = "4:8 duplicate-key-by-case\n";

}  // namespace

TEST_CASE("lint: rules are selected by name, code and the beginning of codes; ignoring wins") {
  CHECK(twins({}) == kFound);
  CHECK(twins({.select = {"duplicate-key-by-case"}}) == kFound);
  CHECK(twins({.select = {"rb005"}}) == kFound);
  CHECK(twins({.select = {"RB0"}}) == kFound);
  CHECK(twins({.select = {"RB1", "RB9"}}) == "");
  CHECK(twins({.ignore = {"RB00"}}) == "");
  CHECK(twins({.select = {"RB005"}, .ignore = {"RB0"}}) == "");
  CHECK(twins({.min_severity = policy::lint::Severity::warning}) == kFound);
  CHECK(twins({.min_severity = policy::lint::Severity::error}) == "");
}

TEST_CASE("lint: a selection that names no rule is refused with the nearest") {
  CHECK(policy::lint::check({.select = {"RB", "rb0", "undefined-org"}, .ignore = {"wrong-type"}}));
  const auto refused = policy::lint::check({.ignore = {"wrong-tipe"}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::usage);
  CHECK(refused.error().hint == "did you mean `wrong-type`?");
  CHECK_FALSE(policy::lint::check({.select = {"RB77"}}));
  CHECK_FALSE(policy::lint::check({.select = {"R"}}));
}

TEST_CASE("lint: the policy sets levels, and the first of a name counts") {
  const std::string rule = "[lint.rules.duplicate-key-by-case]\nlevel = ";
  CHECK(twins({}, rule + "\"off\"\n") == "");
  CHECK(twins({.min_severity = policy::lint::Severity::error}, rule + "\"error\"\n") == kFound);
  CHECK(twins({.min_severity = policy::lint::Severity::warning}, rule + "\"info\"\n") == "");
  CHECK(twins({}, "[lint.rules.RB005]\nlevel = \"off\"\n") == "");
}

TEST_CASE("lint: a level for an unknown rule is reported, and the policy can be used") {
  const auto reading =
      linting::read(kTwins + "[lint.rules.duplicate-key-by-cas]\nlevel = \"off\"\n");
  CHECK(reading.faults.empty());
  const auto outcome = policy::lint::lint(reading, example_inputs(), {.select = {"unknown-key"}});
  CHECK(summary(outcome) == "6:13 unknown-key\n");
  CHECK(outcome.findings[0].hint == "did you mean `duplicate-key-by-case`?");
}

TEST_CASE("lint: a wrong level and a key beside it are faults of the policy") {
  const auto reading = linting::read(
      "version = 1\n[lint.rules.a]\nlevel = \"loud\"\nat = 1\n[lint.rules.b]\n[lint.rule.x]\n");
  std::string all;
  for (const auto& fault : reading.faults)
    all += std::to_string(fault.place.span.line) + " " + std::string(fault.rule) + "\n";
  CHECK(all == "3 malformed-value\n4 unknown-key\n5 missing-key\n6 unknown-key\n");
}

TEST_CASE("lint: a baseline takes what was there, wherever it stands now, and nothing new") {
  const auto first = lint_text(kTwins);
  const auto written = policy::lint::write_baseline(first.findings, {}, kNow);
  const auto baseline = policy::lint::parse_baseline(written, "known.json");
  REQUIRE(baseline);
  const auto moved = linting::read("# moved\n" + kTwins + "[roles.Hr]\nscopes = [\"a:d\"]\n");
  const auto outcome =
      policy::lint::lint(moved, example_inputs(), {.select = {"RB005"}}, &*baseline);
  CHECK(summary(outcome) == "7:8 duplicate-key-by-case\n");
  CHECK(outcome.counts.baselined == 1);
}

TEST_CASE("lint: a baseline hides no grant that came later, and none that is for others now") {
  const std::string policy =
      "version = 1\n[roles.admin]\nscopes = [\"a:write\"]\n[orgs.acme]\n[orgs.beta]\n"
      "[[grant]]\nrole = \"admin\"\n";
  const auto found = [&](const std::string& rest, const policy::lint::Baseline* baseline) {
    return policy::lint::lint(linting::read(policy + rest), example_inputs(),
                              {.select = {"org-wildcard-write"}}, baseline);
  };
  const std::string known = "groups = [\"okta:Readers\"]\n";
  const auto baseline = policy::lint::parse_baseline(
      policy::lint::write_baseline(found(known, nullptr).findings, {}, kNow), "b.json");
  REQUIRE(baseline);
  CHECK(summary(found(known, &*baseline)).empty());
  CHECK(summary(found(known + "[[grant]]\nrole = \"admin\"\ngroups = [\"evil:zzz\"]\n",
                      &*baseline)) == "9:1 org-wildcard-write\n");
  CHECK(summary(found(known + "[[grant]]\nrole = \"admin\"\n" + known, &*baseline)) ==
        "9:1 org-wildcard-write\n");
  CHECK(summary(found("groups = [\"okta:Readers\", \"okta:All\"]\n", &*baseline)) ==
        "6:1 org-wildcard-write\n");
}

TEST_CASE(
    "lint: a baseline keeps the day on which a finding was first seen, and counts what is gone") {
  const auto first = lint_text(kTwins, {.select = {"RB005"}});
  const auto written = policy::lint::write_baseline(first.findings, {}, kNow);
  const auto before = policy::lint::parse_baseline(written, "known.json");
  REQUIRE(before);
  const auto later =
      policy::lint::write_baseline(first.findings, *before, kNow + std::chrono::days(9));
  CHECK(later == written);
  CHECK(written.find("\"first_seen\": \"2027-01-01\"") != std::string::npos);
  const auto fixed = linting::read("version = 1\n[roles.hr]\nscopes = [\"a:b\"]\n");
  CHECK(policy::lint::lint(fixed, example_inputs(), {}, &*before).counts.removed == 1);
}

TEST_CASE("lint: a file that is not a baseline is refused with its name") {
  for (const auto* text :
       {"", "[]", "{}", "{\"schema\":\"mcpauth.rbac.baseline/2\",\"findings\":[]}",
        "{\"schema\":\"mcpauth.rbac.baseline/1\"}",
        "{\"schema\":\"mcpauth.rbac.baseline/1\",\"findings\":[{}]}",
        "{\"schema\":\"mcpauth.rbac.baseline/1\",\"findings\":[{\"rule\":\"a\","
        "\"file\":\"f\",\"path\":\"p\",\"first_seen\":\"then\"}]}"}) {
    CAPTURE(text);
    const auto refused = policy::lint::parse_baseline(text, "known.json");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.starts_with("`known.json` is not a baseline"));
  }
}

TEST_CASE("lint: a file in two policies is reported once, and a comment of use in one is of use") {
  const auto base = [](const std::filesystem::path&) -> Result<std::string> {
    return "version = 1\n[roles.hr]  # mcpauth: ignore[RB005] they are two\nscopes = []\n"
           "[roles.x]\nscopes = []\n[roles.X]\nscopes = []\n";
  };
  const auto a = policy::read("version = 1\ninclude = [\"b.toml\"]\n", "a.toml", base);
  const auto c = policy::read("version = 1\ninclude = [\"b.toml\"]\n[roles.HR]\nscopes = []\n",
                              "c.toml", base);
  const std::vector readings{&a, &c};
  const auto outcome =
      policy::lint::lint(readings, example_inputs(), {.select = {"RB005", "RB902"}});
  CHECK(summary(outcome) == "6:8 duplicate-key-by-case\n");
  CHECK(outcome.counts.files == 3);
}

TEST_CASE("lint: a file that another one includes is not judged on its own") {
  const auto base = [](const std::filesystem::path& file) -> Result<std::string> {
    return "version = 1\ninclude = [\"" +
           std::string(file.filename() == "a.toml" ? "b.toml" : "a.toml") + "\"]\n";
  };
  const auto text = [&](const char* file) { return *base(file); };
  std::vector<policy::Reading> readings;
  readings.push_back(policy::read(text("b.toml"), "b.toml", base));
  readings.push_back(policy::read(text("a.toml"), "./a.toml", base));
  readings.push_back(policy::read("version = 1\n", "c.toml", base));
  readings.push_back(policy::read("version = 1\n", "./c.toml", base));
  const auto roots = policy::lint::roots_of(std::move(readings));
  REQUIRE(roots.size() == 2);
  CHECK(roots[0].policy.file == "b.toml");
  CHECK(roots[1].policy.file == "c.toml");
}

TEST_CASE("lint: with faults it says that only names and shapes were judged") {
  const auto outcome = lint_text("version = 2\n");
  REQUIRE(outcome.notes.size() == 1);
  CHECK(outcome.notes[0].text.find("cannot be used") != std::string::npos);
}

TEST_CASE("lint/explain: every rule has a page that says how to silence it") {
  for (const auto* const each : policy::lint::rules()) {
    const auto& rule = *each;
    const auto page = policy::lint::explain(rule);
    CAPTURE(page);
    CHECK(page.find("ignore[" + std::string(rule.name) + "]") != std::string::npos);
    CHECK(page.find("[lint.rules." + std::string(rule.name) + "]") != std::string::npos);
    CHECK(policy::lint::list_rules().find(rule.name) != std::string::npos);
  }
}
