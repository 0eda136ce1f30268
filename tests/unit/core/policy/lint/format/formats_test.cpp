#include "core/policy/lint/format/formats.hpp"

#include "core/codec/json.hpp"
#include "core/policy/lint/format/machine.hpp"
#include "core/policy/lint/rules/catalogue.hpp"
#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;
using policy::lint::Finding;

namespace {

/// A document of made-up findings over one small policy.
struct Written {
  Written() {
    reading = linting::read("version = 1\n[roles.hr]\nscopes = [\"hr:read\"]\n");
    Finding broken;
    broken.rule = policy::lint::find_rule("undefined-role");
    broken.severity = policy::lint::Severity::error;
    broken.place = {"rbac.toml", {3, 11, 3, 20}};
    broken.message = "role `<a&b>` is not defined";
    broken.hint = "did you mean `hr`?";
    broken.related = {{{"base.toml", {2, 2, 2, 10}}, "defined here"}};
    broken.path = "roles.hr";
    broken.fix = policy::lint::Fix{"write `hr`", {{{"rbac.toml", {3, 11, 3, 20}}, "\"hr\""}}};
    Finding silenced;
    silenced.rule = policy::lint::find_rule("grant-expired");
    silenced.severity = policy::lint::Severity::warning;
    silenced.place = {"rbac.toml", {2, 1, 2, 11}};
    silenced.message = "the grant has expired";
    silenced.path = "grant[\"hr\"]";
    silenced.suppressed = policy::lint::Suppression{"see HR-1", {"rbac.toml", {2, 12, 2, 40}}};
    findings = {silenced, broken};
    notes = {{"near-duplicate-name", "too many names"}};
  }

  policy::lint::Document document() const {
    return {.readings = {&one, 1},
            .findings = findings,
            .counts = {.errors = 1, .suppressed = 1, .files = 1},
            .notes = notes,
            .now = linting::kNow,
            .version = "1.2.3"};
  }

  policy::Reading reading;
  const policy::Reading* one = &reading;
  std::vector<Finding> findings;
  std::vector<policy::lint::Note> notes;
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++times;
  return times;
}

}  // namespace

TEST_CASE("lint/formats: every format has a name of its own and can write nothing") {
  const policy::lint::Document empty;
  for (const auto& format : policy::lint::formats()) {
    CAPTURE(format.name);
    CHECK(policy::lint::find_format(format.name) == &format);
    const auto text = format.write(empty);
    CHECK((text.empty() || text.ends_with('\n')));
  }
  CHECK(policy::lint::formats().size() == 8);
  CHECK(policy::lint::find_format("yaml") == nullptr);
}

TEST_CASE("lint/formats: github") {
  CHECK(policy::lint::write_github(Written().document()) ==
        "::error file=rbac.toml,line=3,col=11,endColumn=20,title=undefined-role RB101::role "
        "`<a&b>` is "
        "not defined; did you mean `hr`?\n"
        "::notice title=near-duplicate-name::too many names\n");
}

TEST_CASE("lint/formats: github shows the worst first, ten of each, and counts the rest") {
  Written written;
  written.findings.clear();
  for (int i = 0; i < 25; ++i) {
    Finding finding;
    finding.rule = policy::lint::find_rule(i % 2 == 0 ? "grant-expired" : "undefined-role");
    finding.severity = i % 2 == 0 ? policy::lint::Severity::warning : policy::lint::Severity::error;
    finding.place = {"a,b:c.toml", {1, 1, 2, 1}};
    finding.message = "100%\n::error::x";
    written.findings.push_back(finding);
  }
  const auto text = policy::lint::write_github(written.document());
  CHECK(text.starts_with("::error file=a%2Cb%3Ac.toml,line=1,endLine=2,col=1,title="));
  CHECK(count(text, "\n::error ") + 1 == 10);
  CHECK(count(text, "\n::warning ") == 10);
  CHECK(count(text, "\n::notice title=mcpauth rbac lint::5 findings more, see the log: ") == 1);
  CHECK(count(text, "100%25\\x0a::error::x") == 20);
}

TEST_CASE("lint/formats: gitlab") {
  CHECK(policy::lint::write_gitlab(Written().document()) ==
        "[\n"
        "  {\n"
        "    \"description\": \"role `<a&b>` is not defined; did you mean `hr`?\",\n"
        "    \"check_name\": \"undefined-role\",\n"
        "    \"fingerprint\": \"" +
            policy::lint::fnv1a_fingerprint("undefined-role rbac.toml roles.hr") +
            "\",\n"
            "    \"severity\": \"critical\",\n"
            "    \"location\": {\n"
            "      \"path\": \"rbac.toml\",\n"
            "      \"lines\": {\n"
            "        \"begin\": 3\n"
            "      }\n"
            "    }\n"
            "  }\n"
            "]\n");
  CHECK(policy::lint::write_gitlab({}) == "[]\n");
}

TEST_CASE("lint/formats: no two findings have one fingerprint for gitlab") {
  Written written;
  written.findings = {written.findings[1], written.findings[1], written.findings[1]};
  const auto text = policy::lint::write_gitlab(written.document());
  CHECK(count(text, policy::lint::fnv1a_fingerprint("undefined-role rbac.toml roles.hr")) == 1);
  CHECK(count(text, policy::lint::fnv1a_fingerprint("undefined-role rbac.toml roles.hr #3")) == 1);
}

TEST_CASE("lint/formats: junit") {
  CHECK(policy::lint::write_junit(Written().document()) ==
        R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mcpauth rbac lint" tests="2" failures="1" errors="0" skipped="1">
  <testsuite name="rbac.toml" tests="2" failures="1" errors="0" skipped="1">
    <testcase classname="rbac.toml" name="grant-expired grant[&quot;hr&quot;]" file="rbac.toml" line="2">
      <skipped message="see HR-1"/>
    </testcase>
    <testcase classname="rbac.toml" name="undefined-role roles.hr" file="rbac.toml" line="3">
      <failure type="error" message="role `&lt;a&amp;b&gt;` is not defined">rbac.toml:3:11: role `&lt;a&amp;b&gt;` is not defined; did you mean `hr`?</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
  Written clean;
  clean.findings.clear();
  CHECK(policy::lint::write_junit(clean.document()) ==
        R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mcpauth rbac lint" tests="1" failures="0" errors="0" skipped="0">
  <testsuite name="rbac.toml" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="rbac.toml" name="rbac lint" file="rbac.toml"/>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("lint/formats: checkstyle") {
  CHECK(policy::lint::write_checkstyle(Written().document()) ==
        R"(<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="rbac.toml">
    <error line="3" column="11" severity="error" message="role `&lt;a&amp;b&gt;` is not defined; did you mean `hr`?" source="mcpauth.undefined-role"/>
  </file>
</checkstyle>
)");
}

TEST_CASE("lint/formats: what XML cannot hold never stands in it") {
  Written written;
  written.findings[1].message =
      "a\x01"
      "b\xFF\x1B[31m\uFFFE ]]> \u202E";
  for (const auto write : {policy::lint::write_junit, policy::lint::write_checkstyle}) {
    const auto text = write(written.document());
    CHECK(text.find("a\\x01b\\xff\\x1b[31m") != std::string::npos);
    CHECK(text.find("]]&gt;") != std::string::npos);
    for (const char c : text)
      CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
    CHECK(text.find("\uFFFE") == std::string::npos);
  }
}

TEST_CASE("lint/formats: sarif") {
  Written written;
  const auto rule = [](std::string_view name) {
    const auto& known = *policy::lint::find_rule(name);
    const auto quoted = [](std::string_view text) { return json::quote(text); };
    return "            {\n"
           "              \"id\": " +
           quoted(known.name) +
           ",\n"
           "              \"shortDescription\": {\n"
           "                \"text\": " +
           quoted(known.summary) +
           "\n"
           "              },\n"
           "              \"fullDescription\": {\n"
           "                \"text\": " +
           quoted(known.rationale) +
           "\n"
           "              },\n"
           "              \"help\": {\n"
           "                \"text\": \"mcpauth rbac lint --explain " +
           std::string(known.name) +
           "\"\n"
           "              },\n"
           "              \"defaultConfiguration\": {\n"
           "                \"level\": " +
           quoted(policy::lint::name(known.severity)) +
           "\n"
           "              },\n"
           "              \"properties\": {\n"
           "                \"code\": " +
           quoted(known.code) +
           ",\n"
           "                \"tags\": [\n"
           "                  \"security\"\n"
           "                ]\n"
           "              }\n"
           "            }";
  };
  const auto parsed = json::parse(policy::lint::write_sarif(written.document()));
  REQUIRE(parsed);
  const auto expected_rules = "[" + rule("grant-expired") + "," + rule("undefined-role") + "]";
  const auto* rules = parsed->at_pointer("/runs/0/tool/driver/rules");
  REQUIRE(rules != nullptr);
  CHECK(json::write(*rules) == json::write(*json::parse(expected_rules)));
  const auto* results = parsed->at_pointer("/runs/0/results");
  REQUIRE(results != nullptr);
  CHECK(json::write(*results) ==
        json::write(*json::parse(
            R"([
    {"ruleId": "grant-expired", "ruleIndex": 0, "level": "warning",
     "message": {"text": "the grant has expired"},
     "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": "rbac.toml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 11}},
        "logicalLocations": [{"fullyQualifiedName": "grant[\"hr\"]"}]}],
     "partialFingerprints": {"mcpauthPath/v1": ")" +
            policy::lint::fnv1a_fingerprint("grant-expired rbac.toml grant[\"hr\"]") +
            R"("},
     "suppressions": [{"kind": "inSource", "justification": "see HR-1", "location": {"physicalLocation": {
        "artifactLocation": {"uri": "rbac.toml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2, "startColumn": 12, "endLine": 2, "endColumn": 40}}}}]},
    {"ruleId": "undefined-role", "ruleIndex": 1, "level": "error",
     "message": {"text": "role `<a&b>` is not defined; did you mean `hr`?"},
     "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": "rbac.toml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 11, "endLine": 3, "endColumn": 20}},
        "logicalLocations": [{"fullyQualifiedName": "roles.hr"}]}],
     "partialFingerprints": {"mcpauthPath/v1": ")" +
            policy::lint::fnv1a_fingerprint("undefined-role rbac.toml roles.hr") + R"("},
     "relatedLocations": [{"id": 1, "physicalLocation": {
        "artifactLocation": {"uri": "base.toml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2, "startColumn": 2, "endLine": 2, "endColumn": 10}},
        "message": {"text": "defined here"}}],
     "fixes": [{"description": {"text": "write `hr`"}, "artifactChanges": [{
        "artifactLocation": {"uri": "rbac.toml", "uriBaseId": "%SRCROOT%"},
        "replacements": [{"deletedRegion": {"startLine": 3, "startColumn": 11, "endLine": 3, "endColumn": 20},
                          "insertedContent": {"text": "\"hr\""}}]}]}]}
  ])")));
  CHECK(
      json::write(*parsed->at_pointer("/runs/0/invocations")) ==
      R"([{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"note","message":{"text":"too many names"},"associatedRule":{"id":"near-duplicate-name"}}]}])");
  CHECK(json::write(*parsed->at_pointer("/runs/0/columnKind")) == "\"unicodeCodePoints\"");
}

TEST_CASE("lint/formats: nobody's name makes a link, and files are named as URIs") {
  Written written;
  written.findings[1].message = "role `[here](https://evil.example)`";
  CHECK(policy::lint::write_sarif(written.document()).find("](") == std::string::npos);
  CHECK(policy::lint::uri_of("./a b/ü?.toml") == "a%20b/%c3%bc%3f.toml");
  CHECK(policy::lint::uri_of("/etc/rbac.toml") == "file:///etc/rbac.toml");
  CHECK(policy::lint::relative_path("./x/../rbac.toml") == "rbac.toml");
}

TEST_CASE("lint/formats: the line that holds a secret is shown by none") {
  const std::string token = std::string("ghp_") + "0123456789abcdefghijklmnopqrstuvwxyz";
  const auto reading = linting::read("version = 1\n[roles.hr]\ndescription = \"" + token +
                                     "\"\nscopes = [\"hr:read\"]\n");
  const auto outcome = policy::lint::lint(reading, linting::example_inputs());
  const auto* one = &reading;
  const policy::lint::Document document{.readings = {&one, 1},
                                        .findings = outcome.findings,
                                        .counts = outcome.counts,
                                        .notes = outcome.notes,
                                        .now = linting::kNow};
  REQUIRE(linting::summary(outcome).find("secret-in-policy") != std::string::npos);
  for (const auto& format : policy::lint::formats()) {
    CAPTURE(format.name);
    CHECK(format.write(document).find(token) == std::string::npos);
  }
}
