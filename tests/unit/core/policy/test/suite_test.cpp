#include "core/policy/test/suite.hpp"

#include <doctest/doctest.h>

#include "core/policy/test/find.hpp"
#include "support/temp_dir.hpp"

using namespace mcpauth;
using policy::test::parse_suite;

TEST_CASE("policy/test/suite: every key is read") {
  const auto suite = parse_suite(
      "policy = \"p.toml\"\nnow = 2027-01-31T08:00:00Z\n"
      "[[test]]\nname = \"t\"\nas = { groups = [\"okta:HR\"], org = \"acme\", subject = \"ann\" }\n"
      "allow = [\"hr/x\", \"a:b\"]\ndeny = [\"hr/y\"]\ncan_exactly = [\"hr/*\"]\n"
      "[[invariant]]\nname = \"i\"\nnever_both = [\"a\", \"b\"]\n"
      "[[invariant]]\nname = \"o\"\nonly = { scope = \"a\", groups = [\"okta:HR\"], roles = "
      "[\"r\"] }\n",
      "x_test.toml");
  REQUIRE(suite);
  CHECK(suite->policy->value == "p.toml");
  CHECK(suite->now == Instant(std::chrono::seconds(1'801'382'400)));
  REQUIRE(suite->tests.size() == 1);
  CHECK(suite->tests[0].as.subject == "ann");
  CHECK(suite->tests[0].as.idp == "okta");
  CHECK(suite->tests[0].allow[1].value == "a:b");
  CHECK(suite->tests[0].name.place.span.line == 4);
  REQUIRE(suite->invariants.size() == 2);
  CHECK(suite->invariants[1].only.value == "a");
}

TEST_CASE("policy/test/suite: all faults are reported with their places") {
  const auto wrong = parse_suite(
      "polcy = 1\nnow = \"today\"\n[[test]]\nas = { groups = [\"HR\"], org = 3 }\nallow = [\"a "
      "b\"]\n"
      "[[invariant]]\nname = \"i\"\nnever_both = [\"a\"]\n[[invariant]]\nname = \"j\"\n"
      "only = { tool = \"a:b\" }\n",
      "x_test.toml");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().problems.size() == 9);
  for (const auto& problem : wrong.error().problems) {
    CHECK(problem.file == "x_test.toml");
    CHECK(problem.line > 0);
  }
  for (const auto* text :
       {"test = 1\n", "[[test]]\nname = \"n\"\nas = { groups = [\"a:b\"], org = \"o\" }\n",
        "[[invariant]]\nname = \"n\"\n",
        "[[invariant]]\nname = \"n\"\nonly = { groups = [\"a:b\"] }\n",
        "[[test]]\nname = \"n\"\nas = { groups = [\"a:b\"], org = \"o\" }\nallow = [\"hr/*\"]\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_suite(text, "x"));
  }
}

TEST_CASE(
    "policy/test/suite: `now` without an offset and a [test] are refused with what to write") {
  const auto hint = [](std::string_view text) {
    const auto suite = parse_suite(text, "x_test.toml");
    return suite ? "taken" : suite.error().problems.front().hint;
  };
  CHECK(hint("now = 2027-01-31T08:00:00\n") ==
        "write 2027-01-31T08:00:00Z, or +02:00 for the Z, or the day alone: 2027-01-31");
  const std::string brackets = "write [[test]], with two brackets, for each entry";
  CHECK(hint("[test]\n") == brackets);
  CHECK(hint("[[test]]\n[test]\n") == brackets);
  CHECK(hint("[test]\n[test]\n") == brackets);
}

TEST_CASE("policy/test/find: files as they are, folders by name, hidden ones not") {
  const test::TempDir dir;
  dir.write("a/x_test.toml", "");
  dir.write("a/rbac.toml", "");
  dir.write(".git/y_test.toml", "");
  dir.write("odd.toml", "");
  const auto found = policy::test::find_suites({dir.path().string(), (dir / "odd.toml").string()});
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].filename() == "x_test.toml");
  CHECK(policy::test::find_suites(
      {(dir / ".git/none").string()}));  // named: its reader says what is wrong
  CHECK_FALSE(policy::test::find_suites({test::TempDir().path().string()}));
}
