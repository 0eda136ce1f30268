#include "core/policy/lint/rules/suppressions/suppress.hpp"

#include <algorithm>

#include "core/policy/lint/source/comments.hpp"
#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;
using namespace linting;

namespace {

std::string comments(std::string_view text) {
  std::string out;
  for (const auto& comment : policy::lint::comments_of(text)) {
    out += std::to_string(comment.line) + (comment.is_alone ? "! " : "  ") +
           std::string(comment.text) + "\n";
  }
  return out;
}

/// A policy with one finding, duplicate-key-by-case in line 4, and comments about it.
std::string twins(const std::string& above, const std::string& behind) {
  return "version = 1\n[roles.hr]\n" + above + "[roles.HR]" + behind + "\nscopes = [\"a:b\"]\n";
}

/// Of the rules that these tests are about.
std::string ours(const std::string& text) {
  return summary(lint_text(text, {.select = {"RB005", "RB9"}}));
}

}  // namespace

TEST_CASE("lint/comments: a # in a string is none, whatever the string") {
  CHECK(comments("a = \"# no\" # yes\nb = '# no' # yes\n") == "1  # yes\n2  # yes\n");
  CHECK(comments("a = \"\\\" # no\" # yes\n") == "1  # yes\n");
  CHECK(comments("a = 'c:\\' # yes\n") == "1  # yes\n");
  CHECK(comments("a = \"\"\"\n# no\n\\\"\"\" # no\n\"\"\"\"\" # yes\n") == "4  # yes\n");
  CHECK(comments("a = '''\n# no '' # no\n\\''' # yes\n") == "3  # yes\n");
  CHECK(comments("\"#\".'#' = 1 # yes\n") == "1  # yes\n");
}

TEST_CASE(
    "lint/comments: a comment alone in its line is known, with blanks and windows line ends") {
  CHECK(comments("# a\n  \t# b\r\nx = [ # c\n # d\n]") == "1! # a\n2! # b\n3  # c\n4! # d\n");
}

TEST_CASE("lint/comments: an unclosed string ends, so that nothing is read beyond the text") {
  CHECK(comments("a = \"open # no\n# yes") == "2! # yes\n");
  CHECK(comments("a = '''open\n# no") == "");
  CHECK(comments("a = \"\\") == "");
  CHECK(comments("a = \"\"\"\\") == "");
  CHECK(comments("") == "");
}

TEST_CASE("lint/suppress: a comment silences its line or, alone, the next that is more than one") {
  CHECK(ours(twins("", "")) == "3:8 duplicate-key-by-case\n");
  CHECK(ours(twins("", "  # mcpauth: ignore[duplicate-key-by-case] why")) == "");
  CHECK(ours(twins("# mcpauth: ignore[rb005] why\n", "")) == "");
  CHECK(ours(twins("# mcpauth: ignore[RB005] why\n# and more\n", "")) == "");
  CHECK(ours(twins("scopes = [] # mcpauth: ignore[RB005] why\n", "")) ==
        "3:13 unused-suppression\n4:8 duplicate-key-by-case\n");
  CHECK(ours(twins("# mcpauth: ignore[RB005] why\n\n", "")) ==
        "3:1 unused-suppression\n5:8 duplicate-key-by-case\n");
}

TEST_CASE("lint/suppress: what is silenced stays in the findings, with the reason") {
  const auto outcome =
      lint_text(twins("", "  # mcpauth: ignore[RB005] they are two; until=2027-01-01"),
                {.select = {"RB005"}});
  REQUIRE(outcome.findings.size() == 1);
  REQUIRE(outcome.findings[0].suppressed);
  CHECK(outcome.findings[0].suppressed->reason == "they are two");
  CHECK(outcome.counts.suppressed == 1);
  CHECK(outcome.counts.warnings == 0);
}

TEST_CASE("lint/suppress: without a reason, past its day or with no day it silences nothing") {
  const std::string found = "3:8 duplicate-key-by-case\n";
  CHECK(ours(twins("", "  # mcpauth: ignore[RB005]")) ==
        found + "3:13 suppression-without-reason\n");
  CHECK(ours(twins("", "  # mcpauth: ignore[RB005] ; until=2028-01-01")) ==
        found + "3:13 suppression-without-reason\n");
  CHECK(ours(twins("", "  # mcpauth: ignore[RB005] why; until=2026-12-31")) ==
        found + "3:13 expired-suppression\n");
  CHECK(ours(twins("", "  # mcpauth: ignore[RB005] why; until=soon")) ==
        found + "3:13 expired-suppression\n");
  CHECK(ours(twins("", "  # mcpauth: ignore[RB005] why; until=2027-01-01")) == "");
}

TEST_CASE("lint/suppress: other rules, unknown ones and no list do not silence a rule") {
  const std::string found = "3:8 duplicate-key-by-case\n";
  CHECK(ours(twins("", "  # mcpauth: ignore[RB003] why")) == found + "3:13 unused-suppression\n");
  CHECK(ours(twins("", "  # mcpauth: ignore[RB999] why")) ==
        found + "3:31 unknown-rule-in-suppression\n");
  CHECK(ours(twins("", "  # mcpauth: ignore why")) == found + "3:13 blanket-suppression\n");
  CHECK(ours(twins("", "  # mcpauth: ignored why")) == found);
  CHECK(ours(twins("", "  # mcpauth:mint is meant")) == found);
}

TEST_CASE("lint/suppress: a baseline knows a comment by its list, not by a message or a line") {
  const auto path_of = [](const std::string& comment) {
    const auto outcome = lint_text(twins("", "  # mcpauth: " + comment), {.select = {"RB9"}});
    REQUIRE(outcome.findings.size() == 1);
    return outcome.findings[0].path;
  };
  CHECK(path_of("ignore[RB999] why") == "ignore[RB999]");
  CHECK(path_of("ignore[RB005]") == "ignore[RB005]");
  CHECK(path_of("ignore[RB005,RB003] why; until=soon") == "ignore[RB005,RB003]");
  CHECK(path_of("ignore[RB005] why; until=2026-12-31") == "ignore[RB005]");
  CHECK(path_of("ignore[RB003] why") == "ignore[RB003]");
  CHECK(path_of("ignore[*] why") == "ignore[*]");
  CHECK(path_of("ignore why") == "ignore[]");
}

TEST_CASE("lint/suppress: a blanket silences, and is reported itself, also with another blanket") {
  CHECK(ours(twins("", "  # mcpauth: ignore[*] why")) == "3:13 blanket-suppression\n");
}

TEST_CASE("lint/suppress: a day that stands anywhere but at the end silences nothing") {
  for (const std::string_view reason :
       {"x; until = 2027-12-01", "x; Until=2027-12-01", "x, until=2027-12-01",
        "until=2027-12-01; x", "x; until=2027-12-01; really",
        "x; until=2027-12-01; until=2099-01-01"}) {
    CAPTURE(reason);
    CHECK(ours(twins("", "  # mcpauth: ignore[RB005] " + std::string(reason))) ==
          "3:8 duplicate-key-by-case\n3:13 expired-suppression\n");
  }
  CHECK(ours(twins("", "  # mcpauth: ignore[RB005] until the split; until=2027-12-01")) == "");
}

TEST_CASE("lint/suppress: a fault cannot be silenced, levelled, selected away or baselined") {
  const std::string text =
      "version = 1\n[roles.hr]\nscope = []  # mcpauth: ignore[unknown-key] why\n"
      "[lint.rules.unknown-key]\nlevel = \"off\"\n";
  const policy::lint::Selection selection{.select = {"RB3"}, .ignore = {"RB0"}};
  const auto outcome = lint_text(text, selection);
  CHECK(summary(outcome) == "3:1 unknown-key\n");
  CHECK(outcome.counts.errors == 1);
  const auto baseline = policy::lint::write_baseline(outcome.findings, {}, kNow);
  CHECK(baseline.find("unknown-key") == std::string::npos);
}
