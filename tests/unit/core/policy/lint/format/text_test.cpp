#include "core/codec/json.hpp"
#include "core/policy/lint/format/formats.hpp"
#include "core/policy/lint/format/totals.hpp"
#include "core/policy/lint/source/snippet.hpp"
#include "core/policy/lint/source/source_text.hpp"
#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;
using namespace linting;

namespace {

/// A document over what lint finds in a text.
struct Written {
  explicit Written(std::string_view text, const policy::lint::Selection& selection = {})
      : reading(linting::read(text)),
        outcome(policy::lint::lint(reading, example_inputs(), selection)) {}

  policy::lint::Document document() const {
    return {.readings = {&one, 1},
            .findings = outcome.findings,
            .counts = outcome.counts,
            .notes = outcome.notes,
            .now = kNow};
  }

  policy::Reading reading;
  policy::lint::Outcome outcome;
  const policy::Reading* one = &reading;
};

const std::string kTwins =
    "version = 1\n[roles.hr]\nscopes = [\"a:b\"]\n\t[roles.HR] # é\nscopes = [\"a:c\"]\n";
const policy::lint::Selection kOnlyTwins{.select = {"RB005"}};

std::string line_of(std::string_view text, std::string_view snippet_of) {
  const policy::lint::SourceText source(text);
  const auto at = text.find(snippet_of);
  auto span = source.at(at);
  const auto end = source.at(at + snippet_of.size());
  span.end_line = end.line;
  span.end_column = end.column;
  const auto snippet = policy::lint::snippet_of(source, span);
  return snippet.text + "\n" + std::string(snippet.lead, ' ') + std::string(snippet.width, '^');
}

}  // namespace

TEST_CASE("lint/text: a finding shows its line, what is related, and what to do") {
  CHECK(policy::lint::write_text(Written(kTwins, kOnlyTwins).document()) ==
        "warning[duplicate-key-by-case RB005]: role `HR` and `hr` differ only in case\n"
        " --> rbac.toml:4:9\n"
        "  |\n"
        "2 | [roles.hr]\n"
        "  |        -- defined here\n"
        "4 |     [roles.HR] # é\n"
        "  |            ^^ another role\n"
        "  = fix: give one of them another name, or join them\n"
        "  = help: mcpauth rbac lint --explain duplicate-key-by-case\n"
        "\n"
        "1 warning in 1 file\n");
}

TEST_CASE(
    "lint/text: what is in other files follows with :::, and colours do not change the text") {
  const Written written("version = 1\ninclude = [\"base.toml\"]\n[roles.BASE]\nscopes = []\n",
                        kOnlyTwins);
  auto document = written.document();
  const auto plain = policy::lint::write_text(document);
  CHECK(plain.find(" --> base.toml:2:8\n") != std::string::npos);
  CHECK(plain.find(" ::: rbac.toml:3:8\n") != std::string::npos);
  document.color = true;
  auto colored = policy::lint::write_text(document);
  CHECK(colored != plain);
  for (auto at = colored.find('\033'); at != std::string::npos; at = colored.find('\033'))
    colored.erase(at, colored.find('m', at) + 1 - at);
  CHECK(colored == plain);
}

TEST_CASE("lint/text: what cannot be seen is escaped, and the mark stands below what it shows") {
  CHECK(line_of("a = \"\u202e\u200b\" # b\n", "\"\u202e\u200b\"") ==
        "a = \"\\u{202e}\\u{200b}\" # b\n    ^^^^^^^^^^^^^^^^^^");
  CHECK(line_of("\ta\t= \"名前\"\n", "\"名前\"") == "    a    = \"名前\"\n           ^^^^^^");
  CHECK(line_of("e\u0301 = 1\n", "1") == "e\u0301 = 1\n    ^");
  CHECK(line_of("x = \"\xff\"\n", "\"\xff\"") == "x = \"\\xff\"\n    ^^^^^^");
  CHECK(line_of("a = 1 ##[group]\n", "1").find("##[") == std::string::npos);
}

TEST_CASE("lint/text: of a long line the part about the span is shown, however long it is") {
  std::string text(300, 'a');
  text += "XYZ" + std::string(1'000'000, 'b') + "\nnext\n";
  const auto shown = line_of(text, "XYZ");
  CHECK(shown == "…" + std::string(40, 'a') + "XYZ" + std::string(77, 'b') + "…\n" +
                     std::string(41, ' ') + "^^^");
  CHECK(line_of("short\n" + std::string(500, 'x') + "\n", std::string(500, 'x')).size() < 400);
}

TEST_CASE("lint/text: columns are characters, also far into a line that is not ASCII") {
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text += "é";
  text += "X\nYé";
  const policy::lint::SourceText source(text);
  CHECK(source.offset(1, 1001) == 2000);
  CHECK(source.offset(1, 1002) == 2001);
  CHECK(source.offset(1, 5000) == 2001);
  CHECK(source.offset(2, 2) == 2003);
  CHECK(source.at(2000).column == 1001);
  CHECK(source.at(2003).line == 2);
  CHECK(source.at(2003).column == 2);
  CHECK(source.offset(9, 1) == text.size());
}

TEST_CASE("lint/concise: a line for each finding that stands") {
  CHECK(policy::lint::write_concise(Written(kTwins, kOnlyTwins).document()) ==
        "rbac.toml:4:9: warning[duplicate-key-by-case RB005]: role `HR` and `hr` differ only in "
        "case\n");
  CHECK(policy::lint::write_concise(Written("version = 1\n").document()) == "");
}

TEST_CASE("lint/json: findings and summary, those that are suppressed too") {
  const std::string text =
      "version = 1\n[roles.hr]\nscopes = [\"a:b\"]\n[roles.HR] # mcpauth: ignore[RB005] two\n"
      "scopes = [\"a:c\"]\n";
  const auto document = json::parse(policy::lint::write_json(Written(text, kOnlyTwins).document()));
  REQUIRE(document);
  CHECK(*document->find("schema")->string() == "mcpauth.rbac.lint/1");
  const auto* finding = document->at_pointer("/findings/0");
  REQUIRE(finding != nullptr);
  CHECK(*finding->find("rule")->string() == "duplicate-key-by-case");
  CHECK(*finding->find("code")->string() == "RB005");
  CHECK(*finding->find("severity")->string() == "warning");
  CHECK(*finding->find("file")->string() == "rbac.toml");
  CHECK(finding->find("line")->integer() == 4);
  CHECK(finding->find("column")->integer() == 8);
  CHECK(finding->find("end_column")->integer() == 10);
  CHECK(*finding->at_pointer("/suppressed/reason")->string() == "two");
  CHECK(document->at_pointer("/summary/warning")->integer() == 0);
  CHECK(document->at_pointer("/summary/suppressed")->integer() == 1);
}

TEST_CASE("lint/json: a fix says what it changes and whether it is safe") {
  const auto document = json::parse(policy::lint::write_json(Written("[roles.hr]\n").document()));
  REQUIRE(document);
  CHECK(*document->at_pointer("/findings/0/fix/safe")->boolean());
  CHECK(*document->at_pointer("/findings/0/fix/edits/0/text")->string() == "version = 1\n");
}

TEST_CASE("lint/totals: what stands, what was set aside, and where") {
  policy::lint::Document document;
  document.counts = {.errors = 2, .warnings = 1, .suppressed = 3, .baselined = 1, .files = 2};
  document.took = std::chrono::milliseconds(4);
  CHECK(policy::lint::totals(document) ==
        "2 errors, 1 warning (3 suppressed, 1 baselined) in 2 files, 4 ms");
  document = {};
  document.counts = {.removed = 1, .hidden = 2, .files = 1};
  CHECK(policy::lint::totals(document) ==
        "no findings (1 of the baseline no longer found, 2 suppressed by persona) in 1 file");
}

TEST_CASE("lint/totals: the statistics have the most frequent rule first") {
  const Written written("[roles.hr]\nscope = []\nscops = []\n[roles.HR]\n");
  CHECK(policy::lint::statistics(written.document())
            .starts_with("     2  RB002  unknown-key\n     1  RB004"));
}
