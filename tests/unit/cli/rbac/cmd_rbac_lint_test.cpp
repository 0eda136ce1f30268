#include <sys/stat.h>

#include <filesystem>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "core/codec/json.hpp"
#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const std::string kClean =
    "version = 1\n\n[roles.hr]\nscopes = [\"hr:read\"]\n\n[[grant]]\nrole   = \"hr\"\ngroups = "
    "[\"okta:HR\"]\nreason = \"HR-1\"\n";
const std::string kTwins = kClean + "[roles.HR]\nscopes = [\"hr:write\"]\n";

/// Of the rules that these tests are about, so that new ones do not change them.
const std::vector<std::string> kLint = {"rbac", "lint", "--select", "RB0"};

Run lint(std::vector<std::string> more) {
  auto words = kLint;
  words.insert(words.end(), more.begin(), more.end());
  return mcpauth(words);
}

std::string text_of(const fs::path& file) {
  return read_file(file).value();
}

}  // namespace

TEST_CASE(
    "cli/rbac lint: a clean policy is 0, a warning or worse 1, and --fail-on moves the line") {
  const TempDir dir;
  const auto clean = dir.write("clean.toml", kClean).string();
  const auto good = lint({clean});
  CHECK(good.status == 0);
  CHECK(has(good.out, "no findings in 1 file"));

  const auto twins = dir.write("twins.toml", kTwins).string();
  const auto found = lint({twins});
  CHECK(found.status == 1);
  CHECK(has(found.out, "warning[duplicate-key-by-case RB005]: role `HR` and `hr`"));
  CHECK(lint({twins, "--exit-zero"}).status == 0);
  CHECK(lint({twins, "--fail-on", "error"}).status == 0);
  CHECK(lint({twins, "--fail-on", "never"}).status == 0);
  CHECK(lint({twins, "--fail-on", "info"}).status == 1);
}

TEST_CASE(
    "cli/rbac lint: a policy that cannot be used is a finding, a file that cannot be read is 3") {
  const TempDir dir;
  const auto broken = dir.write("broken.toml", "version = 1\n[roles.hr\n").string();
  const auto run = mcpauth({"rbac", "lint", broken, "--select", "RB9", "--ignore", "RB0"});
  CHECK(run.status == 1);
  CHECK(has(run.out, "error[toml-syntax RB001]"));
  CHECK(lint({(dir.path() / "gone.toml").string()}).status == 3);
}

TEST_CASE("cli/rbac lint: a folder stands for its rbac.toml, - for stdin, several are joined") {
  const TempDir dir;
  dir.write("rbac.toml", kTwins);
  const auto more = dir.write("more.toml", kTwins).string();
  const auto run = lint({dir.path().string(), more, "--format", "concise"});
  CHECK(run.status == 1);
  CHECK(has(run.out, "rbac.toml:10:8: warning[duplicate-key-by-case RB005]: "));
  CHECK(has(run.out, "more.toml:10:8: warning[duplicate-key-by-case RB005]: "));
  World world;
  world.in = kTwins;
  CHECK(has(mcpauth({"rbac", "lint", "-", "--select", "RB005", "--format", "concise"}, world).out,
            "-:10:8: warning["));
}

TEST_CASE("cli/rbac lint: the JSON document, from --json and from --format") {
  const TempDir dir;
  const auto twins = dir.write("twins.toml", kTwins).string();
  const auto run = lint({twins, "--json"});
  CHECK(run.status == 1);
  const auto document = json::parse(run.out);
  REQUIRE(document);
  CHECK(*document->find("schema")->string() == "mcpauth.rbac.lint/1");
  CHECK(*document->at_pointer("/findings/0/rule")->string() == "duplicate-key-by-case");
  CHECK(document->at_pointer("/summary/warning")->integer() == 1);
  CHECK(lint({twins, "--format", "json"}).out == run.out);
}

TEST_CASE("cli/rbac lint: several formats in one run, one of them at stdout") {
  const TempDir dir;
  const auto twins = dir.write("twins.toml", kTwins).string();
  const auto report = (dir.path() / "lint.json").string();
  const auto run = lint({twins, "--format", "concise", "--format", "json:" + report});
  CHECK(has(run.out, ": warning[duplicate-key-by-case RB005]: "));
  CHECK(json::parse(text_of(report)));
  const auto only_file = lint({twins, "--format", "json:" + report});
  CHECK(has(only_file.out, "1 warning in 1 file"));

  const auto two = lint({twins, "--format", "concise", "--format", "text"});
  CHECK(two.status == 2);
  CHECK(has(two.err, "only one format can go to stdout"));
  const auto unknown = lint({twins, "--format", "jsn"});
  CHECK(unknown.status == 2);
  CHECK(has(unknown.err, "did you mean `json`?"));
}

TEST_CASE("cli/rbac lint: a rule that there is not is a mistake of the command line") {
  const auto run = mcpauth({"rbac", "lint", "--select", "wrong-tipe"});
  CHECK(run.status == 2);
  CHECK(has(run.err, "did you mean `wrong-type`?"));
}

TEST_CASE("cli/rbac lint: --explain and --list-rules") {
  const auto page = mcpauth({"rbac", "lint", "--explain", "RB005"});
  CHECK(page.status == 0);
  CHECK(has(page.out, "duplicate-key-by-case (RB005, warning, since "));
  CHECK(has(page.out, "    [roles.Dev]\n"));
  CHECK(mcpauth({"rbac", "lint", "--explain", "RB0"}).status == 2);
  const auto list = mcpauth({"rbac", "lint", "--list-rules"});
  CHECK(has(list.out, "RB005  duplicate-key-by-case "));
  const auto document = json::parse(mcpauth({"rbac", "lint", "--list-rules", "--json"}).out);
  REQUIRE(document);
  CHECK(*document->at_pointer("/rules/0/code")->string() == "RB001");
  const auto statistics = mcpauth({"rbac", "lint", "--statistics", "--select", "RB005", "-"});
  CHECK(statistics.status == 1);
}

TEST_CASE(
    "cli/rbac lint: --fix writes what changed, keeps the mode and links, and tells the rest") {
  const TempDir dir;
  const std::string old = kClean + "# mcpauth: ignore[RB005] gone\n[roles.x]\n";
  const auto file = dir.write("rbac.toml", old);
  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  const auto link = dir.path() / "link.toml";
  fs::create_symlink("rbac.toml", link);
  const auto diff = mcpauth({"rbac", "lint", "--diff", "--select", "RB9", link.string()});
  CHECK(has(diff.out, "-# mcpauth: ignore[RB005] gone\n"));
  CHECK(diff.status == 1);
  CHECK(text_of(file) == old);

  const auto fixed = mcpauth({"rbac", "lint", "--fix", "--select", "RB9", link.string()});
  CHECK(fixed.status == 0);
  CHECK(has(fixed.err, "fixed 1 finding"));
  CHECK(text_of(file) == kClean + "[roles.x]\n");
  CHECK(fs::is_symlink(link));
  struct stat info = {};
  REQUIRE(::stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0640);
}

TEST_CASE("cli/rbac lint: an unsafe fix is made only when asked for") {
  const TempDir dir;
  const auto file = dir.write("rbac.toml", "version = 1\n[roles.hr]\nscope = []\n");
  CHECK(has(lint({file.string(), "--fix"}).err, "nothing could be fixed"));
  CHECK(lint({file.string(), "--fix", "--unsafe-fixes"}).status == 0);
  CHECK(text_of(file) == "version = 1\n[roles.hr]\nscopes = []\n");
  CHECK(lint({file.string(), "--unsafe-fixes"}).status == 2);
  CHECK(lint({"-", "--fix"}).status == 2);
}

TEST_CASE("cli/rbac lint: with a baseline only what is new counts") {
  const TempDir dir;
  const auto file = dir.write("rbac.toml", kTwins).string();
  const auto known = (dir.path() / "known.json").string();
  CHECK(lint({file, "--baseline", known}).status == 3);
  const auto first = lint({file, "--baseline", known, "--update-baseline"});
  CHECK(first.status == 0);
  CHECK(has(first.out, "no findings (1 baselined) in 1 file"));
  CHECK(lint({file, "--baseline", known}).status == 0);
  dir.write("rbac.toml", "# moved\n" + kTwins + "[roles.Hr]\nscopes = [\"hr:pay\"]\n");
  const auto later = lint({file, "--baseline", known});
  CHECK(later.status == 1);
  CHECK(has(later.out, "role `Hr` and `hr`"));
  CHECK_FALSE(has(later.out, "role `HR` and `hr`"));
  CHECK(lint({file, "--update-baseline"}).status == 2);
}

TEST_CASE("cli/rbac fmt: formats in place, and --check only says so") {
  const TempDir dir;
  const auto file = dir.write("rbac.toml", "version=1\n[roles.hr]\nscopes=[ \"a:b\" ]\n");
  const auto check = mcpauth({"rbac", "fmt", "--check", file.string()});
  CHECK(check.status == 1);
  CHECK(check.out == file.string() + "\n");
  CHECK(has(mcpauth({"rbac", "fmt", "--diff", file.string()}).out, "+version = 1\n"));
  CHECK(mcpauth({"rbac", "fmt", file.string()}).status == 0);
  CHECK(text_of(file) == "version = 1\n\n[roles.hr]\nscopes = [\"a:b\"]\n");
  CHECK(mcpauth({"rbac", "fmt", "--check", file.string()}).status == 0);
  World world;
  world.in = "version=1\n";
  CHECK(mcpauth({"rbac", "fmt", "-"}, world).out == "version = 1\n");
  const auto broken = dir.write("broken.toml", "version = \n").string();
  CHECK(mcpauth({"rbac", "fmt", broken}).status == 2);
}

}  // namespace mcpauth::test
