#include "core/policy/test/run.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace mcpauth;

namespace {

const std::string kPolicy =
    "version = 1\n[tools]\n\"hr/get\" = [\"hr:read\"]\n\"hr/*\" = [\"hr:write\"]\n\"hr/help\" = "
    "[]\n"
    "[roles.reader]\nscopes = [\"hr:read\"]\n[roles.writer]\nscopes = [\"hr:write\"]\n"
    "[roles.not]\ndeny = [\"hr:write\"]\n"
    "[[grant]]\nrole = \"reader\"\ngroups = [\"okta:R\"]\norg = \"acme\"\n"
    "[[grant]]\nrole = \"writer\"\ngroups = [\"okta:W\"]\norg = \"acme\"\nexpires = 2027-01-31\n"
    "[[grant]]\nrole = \"not\"\ngroups = [\"okta:C\"]\n";

policy::Engine engine() {
  auto policy = policy::parse(kPolicy, "rbac.toml");
  REQUIRE(policy);
  return policy::Engine(*std::move(policy));
}

struct Ran {
  std::vector<policy::test::Outcome> outcomes;
  std::vector<policy::test::Coverage::Part> coverage;
};

Ran run(const std::string& text, Instant now = {}) {
  const auto suite = policy::test::parse_suite(text, "x_test.toml");
  REQUIRE(suite);
  const auto policy = engine();
  policy::test::Coverage coverage(policy);
  auto outcomes = policy::test::run(*suite, policy, now, coverage);
  return {std::move(outcomes), coverage.parts()};
}

std::string test_of(const std::string& group, const std::string& rest) {
  return "[[test]]\nname = \"t\"\nas = { groups = [\"" + group + "\"], org = \"acme\" }\n" + rest;
}

std::string messages(const Ran& ran) {
  std::string out;
  for (const auto& outcome : ran.outcomes) {
    for (const auto& failure : outcome.failures)
      out += failure.message + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("policy/test/run: a failure comes with its trace and the nearest change") {
  CHECK(messages(run(test_of("okta:R", "allow = [\"hr/get\", \"hr:read\"]\ndeny = [\"hr/set\"]\n")))
            .empty());
  const auto denied = run(test_of("okta:R", "allow = [\"hr/set\"]\n"));
  CHECK(messages(denied) == "`hr/set` is denied (scope-not-held) and should be allowed\n");
  const auto& failure = denied.outcomes[0].failures[0];
  CHECK(failure.place.span.line == 4);
  CHECK(failure.change == "add a grant of role `writer` to `okta:R` in org `acme`");
  CHECK(failure.trace.size() == 2);
  const auto allowed = run(test_of("okta:R", "deny = [\"hr/get\"]\n"));
  CHECK(messages(allowed) == "`hr/get` is allowed (granted) and should be denied\n");
  CHECK(allowed.outcomes[0].failures[0].change ==
        "remove `okta:R` from the grant of role `reader` (rbac.toml:12:1)");
}

TEST_CASE("policy/test/run: can_exactly wants all of them and no other") {
  CHECK(messages(run(test_of("okta:R", "can_exactly = [\"hr/get\", \"hr/help\"]\n"))).empty());
  CHECK(messages(run(test_of("okta:R", "can_exactly = [\"hr/get\", \"hr/x\"]\n"))) ==
        "`hr/help` may be called but is not listed\n`hr/x` is listed but may not be called\n");
  CHECK(messages(run(test_of("okta:W", "can_exactly = [\"hr/*\", \"hr/help\"]\n"))).empty());
}

TEST_CASE("policy/test/run: the time of the suite wins over the one given") {
  const auto test = test_of("okta:W", "allow = [\"hr:write\"]\n");
  const Instant late{std::chrono::seconds(2'000'000'000)};
  CHECK(messages(run(test)).empty());
  CHECK_FALSE(messages(run(test, late)).empty());
  CHECK(messages(run("now = 2027-01-01\n" + test, late)).empty());
}

TEST_CASE(
    "policy/test/coverage: roles, scopes, tools and denies, rounded down, with what is missing") {
  const auto ran = run(test_of("okta:C", "deny = [\"hr/set\"]\n"));
  std::string all;
  for (const auto& part : ran.coverage) {
    all += std::string(part.what) + " " + std::to_string(part.covered) + "/" +
           std::to_string(part.total);
    for (const auto& name : part.missing)
      all += " " + name;
    all += "\n";
  }
  CHECK(all ==
        "roles 1/3 reader writer\nscopes 1/2 hr:read\ntools 1/3 hr/get hr/help\ndenies 1/1\n");
  CHECK(policy::test::percent(199, 200) == 99);
  CHECK(policy::test::percent(0, 0) == 100);
}
