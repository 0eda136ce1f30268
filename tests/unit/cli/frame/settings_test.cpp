#include "cli/frame/settings.hpp"

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {
namespace {

constexpr std::string_view kConfig =
    "[issuer]\nurl = \"https://auth.example.com\"\nkeys = \"keys\"\n";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct Fixture {
  TempDir dir;
  World world{.directory = dir / "repo/sub"};

  Fixture() {
    std::filesystem::create_directories(dir / "repo/sub");
    std::filesystem::create_directories(dir / "repo/.git");
  }
  /// The line that `config show --origin` prints for a setting.
  std::string shown(const std::string& name) {
    const auto run = mcpauth({"config", "show", "--origin"}, world);
    CAPTURE(run.err);
    CHECK(run.status == 0);
    const auto at = run.out.find(name + " = ");
    return at == std::string::npos ? "" : run.out.substr(at, run.out.find('\n', at) - at);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "cli/settings: the nearest file up to the root of the repository counts") {
  dir.write("mcpauth.toml", "not read");
  CHECK(has(mcpauth({"config", "show"}, world).err, "no configuration file is in force"));
  const auto root_file = dir.write("repo/mcpauth.toml", kConfig);
  CHECK(shown("issuer.url") ==
        "issuer.url = https://auth.example.com  # " + root_file.string() + ":2");
  dir.write("repo/sub/mcpauth.toml", "[policy]\nfile = \"rbac.toml\"\n");
  CHECK(shown("issuer.url").empty());
  CHECK(has(shown("policy.file"), "repo/sub/rbac.toml  # "));
}

TEST_CASE_FIXTURE(Fixture,
                  "cli/settings: outside of a repository nothing above the directory counts") {
  std::filesystem::remove(dir / "repo/.git");
  dir.write("repo/mcpauth.toml", kConfig);
  CHECK(shown("issuer.url").empty());
  world.directory = dir / "repo";
  CHECK_FALSE(shown("issuer.url").empty());
}

TEST_CASE_FIXTURE(Fixture, "cli/settings: the user's own file is used when there is no other") {
  const auto own = dir.write("home/.config/mcpauth/config.toml", kConfig);
  world.variables["HOME"] = (dir / "home").string();
  CHECK(has(shown("issuer.url"), own.string()));
  world.variables["XDG_CONFIG_HOME"] = (dir / "elsewhere").string();
  CHECK(shown("issuer.url").empty());
}

TEST_CASE_FIXTURE(Fixture,
                  "cli/settings: a flag overrides a variable, a variable overrides the file") {
  dir.write("repo/mcpauth.toml", "not read");
  const auto one = dir.write("one.toml", kConfig);
  const auto two = dir.write("two.toml", kConfig);
  world.variables["MCPAUTH_CONFIG"] = one.string();
  CHECK(has(shown("issuer.url"), one.string()));
  CHECK(has(mcpauth({"-C", two.string(), "config", "show", "--json"}, world).out, two.string()));
  CHECK(has(mcpauth({"-C", "none", "config", "show", "--json"}, world).out, "\"file\":null"));

  world.variables["MCPAUTH_ISSUER_TTL"] = "5m";
  world.variables["MCPAUTH_POLICY_FILE"] = "other.toml";
  CHECK(shown("issuer.ttl") == "issuer.ttl = 5m  # $MCPAUTH_ISSUER_TTL");
  CHECK(shown("policy.file") ==
        "policy.file = " + (dir / "repo/sub/other.toml").string() + "  # $MCPAUTH_POLICY_FILE");
  world.variables["MCPAUTH_ISSUER_TTL"] = "20m";
  const auto run = mcpauth({"config", "show"}, world);
  CHECK(run.status == 2);
  CHECK(has(run.err, "$MCPAUTH_ISSUER_TTL: `ttl` is 20m, it must be 5m to 15m"));
}

TEST_CASE_FIXTURE(Fixture, "cli/settings: a file that others can change is used only when named") {
  const auto file = dir.write("repo/mcpauth.toml", kConfig);
  REQUIRE(::chmod(file.c_str(), 0666) == 0);
  const auto run = mcpauth({"config", "show"}, world);
  CHECK(run.status == 2);
  CHECK(has(run.err, "everybody can change it"));
  CHECK(mcpauth({"config", "show", "-C", file.string()}, world).status == 0);
}

TEST_CASE_FIXTURE(Fixture, "cli/config check: all problems at once with their places, and exit 1") {
  const auto file = dir.write("bad.toml", "[issuer]\nurl = 5\nkyes = \"keys\"\n[proxi]\n");
  const auto run = mcpauth({"config", "check", file.string()}, world);
  CHECK(run.status == 1);
  CHECK(run.err.empty());
  CHECK(has(run.out, file.string() + ":2:7: "));
  CHECK(has(run.out, file.string() + ":3:1: unknown key `kyes` in [issuer]"));
  CHECK(has(run.out, file.string() + ":4:"));
  CHECK(has(mcpauth({"config", "check", "--json", file.string()}, world).out, "\"valid\":false"));
}

TEST_CASE_FIXTURE(Fixture, "cli/config check: a good file is exit 0, none at all is exit 3") {
  const auto file = dir.write("good.toml", kConfig);
  CHECK(mcpauth({"config", "check", file.string()}, world).out == file.string() + ": ok\n");
  const auto run = mcpauth({"config", "check"}, world);
  CHECK(run.status == 3);
  CHECK(has(run.err, "there is no mcpauth.toml here"));
}

}  // namespace mcpauth::test
