#include <doctest/doctest.h>

#include "support/minting.hpp"

namespace mcpauth::test {
namespace {

constexpr std::string_view kPolicy =
    "version = 1\n[tools]\n\"hr/get\" = [\"hr:read\"]\n[roles.r]\nscopes = [\"hr:read\"]\n"
    "[[grant]]\nrole = \"r\"\ngroups = [\"okta:R\"]\norg = \"acme\"\n";

std::string test_of(std::string_view name, std::string_view rest) {
  return "policy = \"rbac.toml\"\n[[test]]\nname = \"" + std::string(name) +
         "\"\nas = { groups = [\"okta:R\"], org = \"acme\" }\n" + std::string(rest);
}

struct Folder {
  Folder() { dir.write("rbac.toml", kPolicy); }
  Run run(std::vector<std::string> more = {}) {
    std::vector<std::string> args{"rbac", "test", dir.path().string()};
    args.insert(args.end(), more.begin(), more.end());
    return mcpauth(args);
  }
  TempDir dir;
};

}  // namespace

TEST_CASE("cli/rbac test: the status is 0 when all pass, with the coverage") {
  Folder folder;
  folder.dir.write("a_test.toml", test_of("reads", "allow = [\"hr/get\"]\n"));
  const auto run = folder.run();
  CAPTURE(run.err);
  CHECK(run.status == 0);
  CHECK(has(run.out, "ok   reads  "));
  CHECK(has(
      run.out,
      "1 passed, 0 failed in 1 file\ncoverage 100%: roles 1/1 scopes 1/1 tools 1/1 denies 0/0\n"));
}

TEST_CASE("cli/rbac test: all run, and a failure is 1 with its trace and the nearest change") {
  Folder folder;
  folder.dir.write("a_test.toml", test_of("<bad> & \\\"#\\\"", "deny = [\"hr/get\"]\n"));
  folder.dir.write("b_test.toml", test_of("good", "deny = [\"hr:write\"]\n"));
  const auto run = folder.run();
  CHECK(run.status == 1);
  CHECK(has(run.out, "`hr/get` is allowed (granted) and should be denied"));
  CHECK(has(run.out, "hr:read: allow: okta:R → r → hr:read at "));
  CHECK(has(run.out, "nearest change: remove `okta:R` from the grant of role `r`"));
  CHECK(has(run.out, "1 passed, 1 failed in 2 files\n"));
  CHECK(folder.run({"--exit-zero"}).status == 0);
  const auto tap = folder.run({"--format", "tap"});
  CHECK(tap.status == 1);
  CHECK(tap.out.starts_with("TAP version 14\n1..2\nnot ok 1 - <bad> & \" \"\n  ---\n"));
  CHECK(has(tap.out, "\nok 2 - good\n"));
  const auto junit = folder.run({"--format", "junit"});
  CHECK(has(junit.out, "<testsuites tests=\"2\" failures=\"1\">"));
  CHECK(has(junit.out, "<testcase name=\"&lt;bad&gt; &amp; &quot;#&quot;\""));
  const auto document = json::parse(folder.run({"--json"}).out);
  REQUIRE(document);
  CHECK(*document->at_pointer("/failed")->integer() == 1);
  CHECK(*document->at_pointer("/tests/0/passed")->boolean() == false);
}

TEST_CASE("cli/rbac test: too little coverage is 1, and says so") {
  Folder folder;
  folder.dir.write("a_test.toml", test_of("t", "deny = [\"hr:write\"]\n"));
  CHECK(folder.run({"--coverage-min", "33"}).status == 0);
  const auto run = folder.run({"--coverage-min", "34"});
  CHECK(run.status == 1);
  CHECK(has(run.err, "coverage is 33%, less than the 34% of --coverage-min"));
  CHECK(has(run.out, "  not covered, tools: `hr/get`\n"));
  CHECK(folder.run({"--coverage-min", "101"}).status == 2);
}

TEST_CASE("cli/rbac test: without tests the status is 3, for a malformed file 2") {
  Folder folder;
  CHECK(folder.run().status == 3);
  folder.dir.write("a_test.toml", "nonsense = 1\n");
  CHECK(folder.run().status == 2);
  folder.dir.write(
      "a_test.toml",
      "policy = \"none.toml\"\n[[invariant]]\nname = \"i\"\nnever_both = [\"a\", \"b\"]\n");
  CHECK(folder.run().status == 3);
}

TEST_CASE("examples: the policies lint clean, are formatted, and their tests hold and cover them") {
  for (const std::string name : {"small-company", "two-orgs"}) {
    CAPTURE(name);
    const auto folder = std::string(MCPAUTH_EXAMPLES "/policies/") + name;
    const auto linted = mcpauth({"rbac", "lint", folder, "--fail-on", "info"});
    CAPTURE(linted.out);
    CHECK(linted.status == 0);
    const auto tested = mcpauth({"rbac", "test", folder, "--coverage-min", "100"});
    CAPTURE(tested.out);
    CHECK(tested.status == 0);
    CHECK(mcpauth({"rbac", "fmt", "--check", folder}).status == 0);
  }
}

TEST_CASE("examples: the bad policy can be used, and most rules speak of it") {
  const auto run = mcpauth({"rbac", "lint", "--json", MCPAUTH_EXAMPLES "/policies/bad"});
  CHECK(run.status == 1);
  for (const std::string rule :
       {"confusable-name", "cross-org-grant", "duplicate-entry", "escalation-by-inheritance",
        "everyone-group-write", "glob-matches-nothing", "global-wildcard", "grant-expired",
        "near-duplicate-name", "org-wildcard-write", "permanent-break-glass", "policy-admin-grant",
        "secret-in-policy", "separation-of-duty", "shadowed-grant", "suppression-without-reason",
        "unreachable-role", "vacuous-rule"}) {
    CAPTURE(rule);
    CHECK(has(run.out, "\"rule\":\"" + rule + "\""));
  }
}

TEST_CASE("cli/rbac graph: exactly one format is accepted") {
  Folder folder;
  const auto policy = (folder.dir / "rbac.toml").string();
  const auto dot = mcpauth({"rbac", "graph", "--dot", "--policy", policy});
  CHECK(dot.status == 0);
  CHECK(dot.out.starts_with("digraph policy {\n"));
  CHECK(mcpauth({"rbac", "graph", "--mermaid", "--policy", policy})
            .out.starts_with("flowchart LR\n"));
  CHECK(mcpauth({"rbac", "graph", "--html", "--policy", policy})
            .out.starts_with("<!doctype html>\n"));
  CHECK(mcpauth({"rbac", "graph", "--policy", policy}).status == 2);
  CHECK(mcpauth({"rbac", "graph", "--dot", "--html", "--policy", policy}).status == 2);
}

}  // namespace mcpauth::test
