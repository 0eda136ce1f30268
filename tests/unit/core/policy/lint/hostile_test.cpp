// Policies that somebody wrote to hurt. Each is answered, clearly, in a time that grows with its
// size.
#include "core/policy/lint/format/formats.hpp"
#include "support.hpp"

using namespace mcpauth;
using namespace linting;

namespace {

std::string repeated(std::string_view part, std::size_t count) {
  std::string out;
  out.reserve(part.size() * count);
  for (std::size_t i = 0; i < count; ++i)
    out += part;
  return out;
}

/// As a command reads it, with the limits that it has.
policy::lint::Outcome judged(const std::string& text) {
  const auto reading = policy::read(text, "rbac.toml", included);
  auto outcome = policy::lint::lint(reading, example_inputs());
  const auto* one = &reading;
  const policy::lint::Document document{.readings = {&one, 1},
                                        .findings = outcome.findings,
                                        .counts = outcome.counts,
                                        .notes = outcome.notes};
  for (const auto& format : policy::lint::formats()) {
    const auto written = format.write(document);
    CHECK(written.find("\u202e") == std::string::npos);
  }
  return outcome;
}

const policy::lint::Finding& first_of(const policy::lint::Outcome& outcome, std::string_view rule) {
  for (const auto& finding : outcome.findings) {
    if (finding.rule->name == rule) return finding;
  }
  FAIL("no finding of " << rule);
  return outcome.findings.front();
}

}  // namespace

TEST_CASE("lint/hostile: nesting without end is one finding") {
  const auto outcome = judged("version = 1\na = " + repeated("[", 1'000'000));
  REQUIRE(outcome.findings.size() == 1);
  CHECK(outcome.findings[0].rule->name == "toml-syntax");
  CHECK(outcome.findings[0].message.find("levels deep") != std::string::npos);
}

TEST_CASE("lint/hostile: a file that is too large is one finding") {
  const auto text = "version = 1\n" + repeated("# padding\n", 200'000);
  const auto reading = policy::read(text, "rbac.toml", included, {.bytes = 1 << 20});
  const auto outcome = policy::lint::lint(reading, example_inputs());
  CHECK(outcome.findings.size() == 1);
  CHECK(outcome.findings[0].message.starts_with("larger than"));
}

TEST_CASE("lint/hostile: bytes that are no UTF-8 are one finding, and its line can be shown") {
  const auto outcome = judged("version = 1\n[roles.\"\xC3\x28\"]\n");
  REQUIRE(outcome.findings.size() == 1);
  CHECK(outcome.findings[0].place.span.line == 2);
}

TEST_CASE("lint/hostile: names that turn the line around are never written as they are") {
  const auto outcome = judged(
      "version = 1\n[roles.\"admin\u202e\"]\nscopes = [\"a:b\"]\n[roles.\"ADMIN\u202e\"]\nscopes = "
      "[\"a:b\"]\nx\u0061 = 1\n");
  CHECK(first_of(outcome, "duplicate-key-by-case").place.span.line == 4);
}

TEST_CASE("lint/hostile: a circle of ten thousand roles is reported once, without its middle") {
  std::string text = "version = 1\n";
  for (int i = 0; i < 10'000; ++i) {
    text += "[roles.r" + std::to_string(i) + "]\ninherits = [\"r" +
            std::to_string((i + 1) % 10'000) + "\"]\n";
  }
  const auto outcome = judged(text);
  CHECK(outcome.findings.size() == 1);
  CHECK(outcome.findings[0].message.size() < 300);
}

TEST_CASE("lint/hostile: a chain of ten thousand roles is judged") {
  std::string text = "version = 1\n[roles.r0]\nscopes = [\"a:b\"]\n";
  for (int i = 1; i < 10'000; ++i) {
    text += "[roles.r" + std::to_string(i) + "]\ninherits = [\"r" + std::to_string(i - 1) + "\"]\n";
  }
  text += "[[grant]]\nrole = \"r9999\"\ngroups = [\"okta:HR\"]\n";
  CHECK(judged(text).counts.errors == 0);
}

TEST_CASE(
    "lint/hostile: patterns that match in more ways than there are atoms are judged or said not to "
    "be") {
  std::string text = "version = 1\n[tools]\n";
  const auto stars = repeated("*a", 60);
  for (int i = 0; i < 50; ++i)
    text += "\"x" + stars + std::to_string(i) + "/" + stars + "\" = [\"a:b\"]\n";
  text += "[roles.r]\nscopes = [";
  for (int i = 0; i < 40; ++i) {
    std::string pattern;
    for (int j = 0; j < 40; ++j)
      pattern += (j > 0 ? ":" : "") + std::string(j == i ? "z" : "*");
    text += "\"" + pattern + "\", ";
  }
  text += "]\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:HR\"]\n";
  CHECK(judged(text).findings.size() < 1000);
}

TEST_CASE(
    "lint/hostile: keys given twice, missing includes and ways out are told at their places") {
  CHECK(first_of(judged("version = 1\nversion = 1\n"), "toml-syntax").place.span.line == 2);
  CHECK(first_of(judged("version = 1\ninclude = [\"gone.toml\"]\n"), "bad-include").message ==
        "cannot open `gone.toml`: no such file");
  for (const auto* out : {"../a.toml", "/etc/passwd", "a/../../b.toml"}) {
    const auto outcome = judged("version = 1\ninclude = [\"" + std::string(out) + "\"]\n");
    CHECK(first_of(outcome, "bad-include").message.find("outside the folder") != std::string::npos);
  }
}

TEST_CASE(
    "lint/hostile: three thousand mistakes in one line are told, each with its part of the line") {
  std::string text = "version = 1\nroles = { ";
  for (int i = 0; i < 3'000; ++i)
    text += (i > 0 ? ", " : "") + std::string("\"é") + std::to_string(i) + "\" = 1";
  CHECK(judged(text + " }\n").counts.errors == 3'000);
}

TEST_CASE("lint/hostile: comments and levels by the thousand") {
  std::string text = "version = 1\n";
  for (int i = 0; i < 10'000; ++i)
    text += "# mcpauth: ignore[nope" + std::to_string(i) + "] why\n";
  text += "[lint.rules]\n";
  for (int i = 0; i < 5'000; ++i)
    text += "x" + std::to_string(i) + " = { level = \"off\" }\n";
  const auto outcome = judged(text);
  CHECK(outcome.counts.errors == 15'000);
}

TEST_CASE("lint/hostile: groups of every org times orgs of their own are not multiplied out") {
  std::string text =
      "version = 1\n[roles.r]\nscopes = [\"a:b\"]\n[[grant]]\nrole = \"r\"\ngroups = [";
  for (int i = 0; i < 2'000; ++i)
    text += "\"okta:" + std::to_string(i) + "\", ";
  text += "]\n";
  for (int i = 0; i < 1'100; ++i)
    text += "[orgs.o" + std::to_string(i) + "]\nidps = [\"okta\"]\n";
  const auto reading = policy::read(text, "rbac.toml", included);
  REQUIRE(reading.faults.empty());
  const auto outcome = policy::lint::lint(reading, example_inputs());
  REQUIRE(!outcome.notes.empty());
}

TEST_CASE("lint/hostile: ten thousand grants") {
  std::string text = "version = 1\n";
  for (int i = 0; i < 100; ++i)
    text += "[roles.role-" + std::to_string(i) + "]\nscopes = [\"a" + std::to_string(i) + ":*\"]\n";
  for (int i = 0; i < 10'000; ++i) {
    text += "[[grant]]\nrole = \"role-" + std::to_string(i % 100) + "\"\ngroups = [\"okta:g" +
            std::to_string(i % 2'000) + "\"]\n";
  }
  CHECK(judged(text).counts.files == 1);
}
