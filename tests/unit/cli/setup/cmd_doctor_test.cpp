#include <sys/stat.h>

#include <doctest/doctest.h>

#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("cli/doctor: without a configuration it warns and is healthy") {
  const auto run = mcpauth({"doctor"});
  CHECK(run.status == 0);
  CHECK(has(run.out, "ok    clock: 2027-01-15T08:00:00Z\n"));
  CHECK(has(run.out, "warn  config: no configuration file is in force\n"));
}

TEST_CASE("cli/doctor: everything that fails has its own line, and the status is 1") {
  const TempDir dir;
  const auto config = dir.write(
      "mcpauth.toml",
      "[issuer]\nurl = \"https://auth.example.com\"\nkeys = \"keys\"\n"
      "[policy]\nfile = \"rbac.toml\"\n"
      "[audit]\nfile = \"none/audit.jsonl\"\n"
      "[[idp]]\nname = \"okta\"\npreset = \"keycloak\"\nissuer = \"https://idp.example.com\"\n"
      "audience = [\"api\"]\norg_id = \"acme\"\n");
  dir.write("rbac.toml", "version = 1\n[roles.a]\ninherits = [\"b\"]\n");
  World world;
  const auto run = mcpauth({"-C", config.string(), "doctor"}, world);
  CAPTURE(run.out);
  CHECK(run.status == 1);
  for (const std::string_view about : {"keys", "policy", "audit", "idp okta"}) {
    CHECK(has(run.out, "fail  " + std::string(about) + ": "));
  }
  CHECK(has(run.out, "ok    config: "));
  CHECK_FALSE(world.http.requests.empty());
}

TEST_CASE("cli/doctor: --offline contacts nobody, and --json has the same checks") {
  const TempDir dir;
  const auto config = dir.write(
      "mcpauth.toml",
      "[[idp]]\nname = \"okta\"\npreset = \"keycloak\"\nissuer = \"https://idp.example.com\"\n"
      "audience = [\"api\"]\norg_id = \"acme\"\n");
  World world;
  const auto run = mcpauth({"-C", config.string(), "doctor", "--offline", "--json"}, world);
  CHECK(run.status == 0);
  CHECK(world.http.requests.empty());
  CHECK(has(run.out, "{\"schema\":\"mcpauth.doctor/1\",\"healthy\":true,"));
}

TEST_CASE("cli/doctor: an audit log that others can read is a warning, one they can write fails") {
  const TempDir dir;
  const auto config = dir.write("mcpauth.toml", "[audit]\nfile = \"audit.jsonl\"\n").string();
  const auto log = dir.write("audit.jsonl", "");
  const auto health = [&](mode_t mode) {
    REQUIRE(::chmod(log.c_str(), mode) == 0);
    const auto out = mcpauth({"-C", config, "doctor"}).out;
    const auto at = out.find("  audit: ");
    REQUIRE(at != std::string::npos);
    return out.substr(at - 4, 4);
  };
  CHECK(health(0600) == "ok  ");
  CHECK(health(0644) == "warn");
  CHECK(health(0666) == "fail");
}

TEST_CASE("cli/doctor: a clock before the release, and a broken configuration, fail") {
  const auto run = mcpauth({"doctor", "--now", "2001-01-01"});
  CHECK(run.status == 1);
  CHECK(has(run.out, "fail  clock: it is 2001-01-01T00:00:00Z, before this release\n"));
  const TempDir dir;
  const auto config = dir.write("mcpauth.toml", "[nope]\n");
  CHECK(has(mcpauth({"doctor", "-C", config.string()}).out, "fail  config: "));
}

}  // namespace mcpauth::test
