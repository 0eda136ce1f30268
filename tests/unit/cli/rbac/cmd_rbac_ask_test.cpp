#include <algorithm>
#include <cstdlib>

#include <doctest/doctest.h>

#include "core/codec/json.hpp"
#include "support/minting.hpp"

namespace mcpauth::test {
namespace {

constexpr std::string_view kPolicy = R"(version = 1
[tools]
"hr/get" = ["hr:read"]
"hr/set" = ["hr:read", "hr:write"]
[roles.reader]
scopes = ["hr:read"]
[roles.writer]
scopes = ["hr:write"]
[roles.not]
deny = ["hr:**"]
[[grant]]
role = "reader"
groups = ["okta:R"]
org = "acme"
[[grant]]
role = "not"
groups = ["okta:C"]
)";

json::Value document(const Run& run) {
  CAPTURE(run.out);
  auto parsed = json::parse(run.out);
  REQUIRE(parsed);
  return *parsed;
}

std::string text_at(const json::Value& value, std::string_view pointer) {
  const auto* found = value.at_pointer(pointer);
  REQUIRE(found != nullptr);
  return found->string() != nullptr ? *found->string() : json::write(*found);
}

struct Here {
  Here() { world.directory = dir.path(); }
  Run run(std::vector<std::string> args) {
    args.insert(args.begin(), "rbac");
    return mcpauth(args, world);
  }
  TempDir dir;
  std::string policy = dir.write("rbac.toml", kPolicy).string();
  World world;
};

}  // namespace

TEST_CASE("cli/rbac: an unknown name is reported with the one that was probably meant") {
  Here here;
  const auto explained = [&](std::vector<std::string> args) {
    args.insert(args.begin(), {"explain", "--org", "acme", "--policy", here.policy});
    return here.run(args).out;
  };
  CHECK(has(explained({"--group", "okta:C", "--tool", "get"}),
            "the policy has no tool `get`; did you mean `hr/get`?\n"));
  CHECK(has(explained({"--group", "okta:C", "--tool", "hr/gte"}), "did you mean `hr/get`?"));
  CHECK(has(explained({"--group", "okta:C", "--scope", "hr:*"}),
            "the policy has no scope `hr:*`; did you mean `hr:read`?"));
  CHECK(has(explained({"--group", "okta:r", "--tool", "hr/get"}),
            "the policy has no group `okta:r`; did you mean `okta:R`?"));
  CHECK_FALSE(has(explained({"--group", "okta:R", "--tool", "hr/set"}), "did you mean"));
  CHECK(has(here.run({"who-can", "hr:rea", "--policy", here.policy}).out,
            "the policy has no scope `hr:rea`; did you mean `hr:read`?"));
  CHECK(has(here.run({"who-can", "get", "--policy", here.policy}).out, "did you mean `hr/get`?"));
  const auto as_json = document(here.run({"explain", "--org", "acme", "--policy", here.policy,
                                          "--group", "okta:r", "--tool", "hr/get", "--json"}));
  CHECK(text_at(as_json, "/did_you_mean/0/group") == "okta:r");
  CHECK(text_at(as_json, "/did_you_mean/0/meant") == "okta:R");
}

TEST_CASE("cli/rbac explain: an allow is printed with its way and places") {
  Here here;
  const auto run = here.run({"explain", "--group", "okta:R", "--org", "acme", "--tool", "hr/get",
                             "--policy", here.policy});
  CHECK(run.status == 0);
  CHECK(run.out.starts_with("allowed: `somebody` in org `acme` may call `hr/get` (granted)\n"));
  CHECK(has(run.out, "allow okta:R → reader → hr:read  "));
  CHECK(has(run.out, "rbac.toml:6:11, grant "));
  CHECK(has(run.out, "← decides\n"));
}

TEST_CASE("cli/rbac explain: a denial with the edits that would allow it") {
  Here here;
  const auto run = here.run({"explain", "--group", "okta:R", "--org", "acme", "--tool", "hr/set",
                             "--policy", here.policy});
  CHECK(run.status == 1);
  CHECK(has(run.out, "denied: "));
  CHECK(has(run.out, "hr:write: not held"));
  CHECK(has(run.out, "add a grant of role `writer` to `okta:R` in org `acme`\n"));
  CHECK(has(run.out, "groups = [\"okta:R\"]\n"));
  CHECK(has(run.out, "     lets in okta:R in acme: `hr/set`, `hr:write`\n"));

  const auto same = here.run({"explain", "--json", "--group", "okta:R", "--group", "okta:C",
                              "--org", "acme", "--scope", "hr:read", "--policy", here.policy});
  CHECK(same.status == 1);
  const auto answer = document(same);
  CHECK(text_at(answer, "/schema") == "mcpauth.rbac.explain/1");
  CHECK(text_at(answer, "/reason") == "scope-denied");
  CHECK(text_at(answer, "/scopes/0/ways/0/effect") == "deny");
  CHECK(text_at(answer, "/remedies/0/edits/0/edit") ==
        "remove `hr:**` from the `deny` of role `not`");
}

TEST_CASE("cli/rbac explain: what is missing or too much on the command line is named") {
  Here here;
  const std::vector<std::pair<std::vector<std::string>, std::string_view>> wrong = {
      {{"explain", "--tool", "a/b", "--policy", here.policy}, "no principal is given"},
      {{"explain", "--group", "okta:R", "--tool", "a/b", "--policy", here.policy},
       "no organisation"},
      {{"explain", "--group", "R", "--org", "o", "--tool", "a/b", "--policy", here.policy},
       "`R` is not a group"},
      {{"explain", "--group", "okta:R", "--org", "o", "--policy", here.policy},
       "no tool and no scope"},
      {{"explain", "--group", "okta:R", "--org", "o", "--tool", "a/b", "--scope", "x", "--policy",
        here.policy},
       "cannot be combined"},
      {{"explain", "--batch", "--tool", "a/b", "--policy", here.policy}, "each line"}};
  for (const auto& [args, message] : wrong) {
    const auto run = here.run(args);
    CAPTURE(run.err);
    CHECK(run.status == 2);
    CHECK(has(run.err, message));
  }
}

TEST_CASE("cli/rbac explain: a real token is verified as mint verifies it") {
  Company company;
  const auto token = company.token({"HR"});
  const auto run =
      mcpauth({"rbac", "explain", "--token", token, "--tool", "hr/get_employee"}, company.world);
  CAPTURE(run.err);
  CHECK(run.status == 0);
  CHECK(run.out.starts_with("allowed: `alice` in org `acme` may call `hr/get_employee`"));
  Company other;
  const auto expired = other.token({"HR"}, {{"exp", kNowSeconds - 3600}});
  CHECK(mcpauth({"rbac", "explain", "--token", expired, "--tool", "hr/get_employee"}, other.world)
            .status == 1);
}

TEST_CASE("cli/rbac explain: --batch answers each line in order and loses none") {
  Here here;
  here.world.in =
      "{\"groups\":[\"okta:R\"],\"org\":\"acme\",\"tool\":\"hr/get\"}\nnonsense\n"
      "{\"groups\":[\"okta:R\"],\"org\":\"acme\",\"scope\":\"hr:write\"}";
  const auto run = here.run({"explain", "--batch", "--policy", here.policy});
  CHECK(run.status == 3);
  CHECK(std::ranges::count(run.out, '\n') == 3);
  CHECK(has(run.out, "{\"line\":1,\"decision\":\"allow\",\"reason\":\"granted\",\"rule\":\""));
  CHECK(has(run.out, "{\"line\":2,\"decision\":\"error\""));
  CHECK(has(run.out, "{\"line\":3,\"decision\":\"deny\",\"reason\":\"scope-not-held\"}\n"));
  CHECK(has(run.err, "1 allowed, 1 denied, 1 not understood"));
}

TEST_CASE("cli/rbac can: tools with their needs, scopes, and what is denied when asked") {
  Here here;
  const auto run =
      here.run({"can", "--group", "okta:R", "--org", "acme", "--all", "--policy", here.policy});
  CHECK(run.status == 0);
  CHECK(has(run.out, "yes hr/get  needs `hr:read`\n"));
  CHECK(has(run.out, "no  hr/set  needs `hr:read` and `hr:write`  (scope-not-held)\n"));
  CHECK(has(run.out, "scopes\n  hr:read\n"));
  const auto nobody =
      here.run({"can", "--group", "okta:X", "--org", "acme", "--json", "--policy", here.policy});
  CHECK(nobody.status == 1);
  CHECK(text_at(document(nobody), "/tools/0/reason") == "no-grant");
}

TEST_CASE("cli/rbac who-can: groups by org, and whom a deny keeps out") {
  Here here;
  const auto run = here.run({"who-can", "hr/get", "--policy", here.policy});
  CHECK(run.status == 0);
  CHECK(has(run.out, "each alone: okta:R in acme\n"));
  CHECK(has(run.out, "never: okta:C in every org  role not denies hr:**"));
  CHECK(here.run({"who-can", "hr:write", "--policy", here.policy}).status == 1);
  CHECK(here.run({"who-can", "x/y", "--policy", here.policy}).status == 1);
  const auto as_json = document(here.run({"who-can", "hr/get", "--json", "--policy", here.policy}));
  CHECK(text_at(as_json, "/alone/0/group") == "okta:R");
  CHECK(text_at(as_json, "/denied/0/pattern") == "hr:**");
}

TEST_CASE("cli/rbac diff: the verdict, who and what, in every format, and the status") {
  Here here;
  const auto more =
      here.dir
          .write("new.toml",
                 std::string(kPolicy) +
                     "[[grant]]\nrole = \"writer\"\ngroups = [\"okta:`|\"]\norg = \"a\"\n")
          .string();
  CHECK(here.run({"diff", here.policy, here.policy}).status == 0);
  const auto gain = here.run({"diff", here.policy, more});
  CHECK(gain.status == 1);
  CHECK(gain.out == "+ okta:`| in a\n    `hr:write`\nmore: some gain, nobody loses\n");
  CHECK(here.run({"diff", "--fail-on-gain", here.policy, more}).status == 1);
  CHECK(here.run({"diff", "--fail-on-gain", more, here.policy}).status == 0);
  CHECK(here.run({"diff", more, here.policy}).status == 1);
  const auto markdown = here.run({"diff", "--format", "markdown", here.policy, more});
  CHECK(has(markdown.out,
            "### Gained\n\n| who | what |\n|---|---|\n| `` okta:`\\| `` in `a` | `hr:write` |\n"));
  const auto as_json = document(here.run({"diff", "--format", "json", here.policy, more}));
  CHECK(text_at(as_json, "/verdict") == "more");
  CHECK(text_at(as_json, "/changes/0/who/0/group") == "okta:`|");
}

TEST_CASE("cli/rbac diff: a git revision is read with its includes, and never taken for a flag") {
  Here here;
  here.dir.write("p/rbac.toml",
                 "version = 1\ninclude = [\"more.toml\"]\n[roles.r]\nscopes = [\"a\"]\n");
  here.dir.write("p/more.toml",
                 "version = 1\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:R\"]\norg = \"acme\"\n");
  const auto git = "cd " + here.dir.path().string() +
                   " && git init -q -b main . && git add p && git -c user.name=a -c user.email=a@b "
                   "commit -q -m x >/dev/null 2>&1";
  REQUIRE(std::system(git.c_str()) == 0);  // NOLINT(concurrency-mt-unsafe,cert-env33-c)
  const auto now =
      here.dir.write("p/rbac.toml", "version = 1\n[roles.r]\nscopes = [\"a\"]\n").string();
  const auto run = here.run({"diff", "main:p/rbac.toml", now});
  CAPTURE(run.err);
  CHECK(run.status == 1);
  CHECK(run.out == "- okta:R in acme\n    `a`\nless: some lose, nobody gains\n");
  CHECK(here.run({"diff", "main:nothing.toml", now}).status == 3);
  for (const auto* bad : {"--output=x:rbac.toml", "-x:y", "a..b:y", "main:", ":x", "main:../x",
                          "main:-x", "main:/etc/passwd", "ma in:x", "$(id):x"}) {
    CAPTURE(bad);
    CHECK(here.run({"diff", now, bad}).status == 2);
  }
}

}  // namespace mcpauth::test
