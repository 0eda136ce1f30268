#include <sys/stat.h>

#include <doctest/doctest.h>

#include "core/base/file.hpp"
#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("cli/run: help is printed wherever it is asked for") {
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"--help"}, {"help"}, {"-h"}, {"--json", "--help"}}) {
    const auto run = mcpauth(args);
    CHECK(run.status == 0);
    CHECK(run.err.empty());
    CHECK(has(run.out, "Global flags:"));
  }
  for (const std::vector<std::string>& args : {std::vector<std::string>{"version", "--help"},
                                               {"help", "version"},
                                               {"-h", "version"},
                                               {"version", "--no-such-flag", "--help"}}) {
    const auto run = mcpauth(args);
    CHECK(run.status == 0);
    CHECK(has(run.out, "mcpauth version"));
    CHECK(has(run.out, "Exit status:"));
  }
}

TEST_CASE("cli/run: no command, and a noun without a verb, print help on stderr and exit 2") {
  const auto none = mcpauth({});
  CHECK(none.status == 2);
  CHECK(none.out.empty());
  CHECK(has(none.err, "error[usage]: no command is given\n  try: mcpauth --help\n"));
}

TEST_CASE("cli/run: an unknown command names the nearest") {
  const auto run = mcpauth({"verison"});
  CHECK(run.status == 2);
  CHECK(run.out.empty());
  CHECK(has(run.err, "error[usage]: there is no command `verison`; did you mean `version`?\n"));
}

TEST_CASE("cli/run: globals are accepted before and after the command") {
  CHECK(has(mcpauth({"--json", "version"}).out, "\"schema\":\"mcpauth.version/1\""));
  CHECK(has(mcpauth({"version", "--json"}).out, "\"schema\":\"mcpauth.version/1\""));
  CHECK(mcpauth({"-qC", "none", "--timeout=5s", "version", "--now", "0"}).status == 0);
  const auto own = mcpauth({"--audience", "x", "version"});
  CHECK(own.status == 2);
  CHECK(has(own.err, "unknown flag `--audience`"));
}

TEST_CASE("cli/run: under --json an error is one object on stdout, whatever is wrong") {
  const auto run = mcpauth({"version", "--no-such-flag", "--json"});
  CHECK(run.status == 2);
  CHECK(run.err.empty());
  CHECK(run.out ==
        "{\"schema\":\"mcpauth.error/1\",\"error\":{\"code\":\"usage\",\"message\":\"unknown flag "
        "`--no-such-flag`\",\"hint\":\"mcpauth version --help\"}}\n");
}

TEST_CASE("cli/run: text from outside is escaped in an error") {
  const auto run = mcpauth({"\x1b[31m\n::add-mask::x"});
  CHECK(run.status == 2);
  CHECK(has(run.err, "`\\x1b[31m\\x0a::add-mask::x`"));
  CHECK_FALSE(has(run.err, "\x1b"));
}

TEST_CASE(
    "cli/run: long quotes in an error are cut, as text and as JSON, and their length is given") {
  const std::string endless(70'000, 'v');
  const std::string cut = "`" + std::string(240, 'v') + "… (70,000 bytes)`";
  const auto run = mcpauth({endless});
  CHECK(run.status == 2);
  CHECK(has(run.err, "error[usage]: there is no command " + cut + "\n"));
  CHECK(has(mcpauth({endless, "--json"}).out, "\"there is no command " + cut + "\""));
  CHECK(mcpauth({"version", "--now", endless}).err.size() < 500);
  CHECK(mcpauth({"version", endless}).err.size() < 500);
  CHECK(mcpauth({"config", "check", endless}).err.size() < 500);
}

TEST_CASE("cli/run: a variable that looks like a setting gets a warning if it is not one") {
  World world{.variables = {{"MCPAUTH_ISSUR_URL", "https://i"},
                            {"MCPAUTH_ISSUER_TTL", "5m"},
                            {"MCPAUTH_AUDIENCE", "https://hr"},
                            {"MCPAUTH_ID_TOKEN", "x"},
                            {"MCPAUTH_EMPTY", ""},
                            {"MCPAUTH_FOO", "x"},
                            {"MCP_FOO", "x"}}};
  const auto run = mcpauth({"version"}, world);
  CHECK(run.status == 0);
  CHECK(run.err ==
        "warning: `MCPAUTH_FOO` is not a setting: `man mcpauth` lists the settings\n"
        "warning: `MCPAUTH_ISSUR_URL` is not a setting: did you mean `MCPAUTH_ISSUER_URL`?\n");
  CHECK(mcpauth({"version", "-q"}, world).err.empty());
  CHECK(mcpauth({"__complete", "command"}, world).err.empty());
}

TEST_CASE("cli/run: a variable that a reference names gets no warning") {
  const TempDir dir;
  const auto config =
      dir.write("mcpauth.toml", "[vault]\nstore = \"sqlite:v\"\nkey = \"env:MCPAUTH_V\"\n");
  World world{.variables = {{"MCPAUTH_V", "x"}, {"MCPAUTH_T", "x"}}, .directory = dir.path()};
  CHECK(has(mcpauth({"version"}, world).err, "`MCPAUTH_T` is not a setting"));
  CHECK(mcpauth({"decode", "env:MCPAUTH_T"}, world).err.find("setting") == std::string::npos);
}

TEST_CASE("cli/run: --output makes a file of 0600 with the answer and nothing on stdout") {
  const TempDir dir;
  const auto file = dir / "answer";
  const auto run = mcpauth({"version", "-o", file.string()});
  CHECK(run.status == 0);
  CHECK(run.out.empty());
  CHECK(has(*read_file(file), "mcpauth "));
  struct stat info{};
  REQUIRE(::stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE(
    "cli/run: --output that cannot be written is exit 3, and a failing command touches nothing") {
  const TempDir dir;
  const auto file = dir.write("answer", "old");
  CHECK(mcpauth({"version", "--nope", "-o", file.string()}).status == 2);
  CHECK(*read_file(file) == "old");
  const auto run = mcpauth({"version", "-o", (dir / "none/answer").string()});
  CHECK(run.status == 3);
  CHECK(has(run.err, "error[io]: cannot write"));
  CHECK(mcpauth({"version", "-o", "/dev/full"}).status == 3);
}

TEST_CASE("cli/run: --now is a time, and NO_COLOR and --color are known") {
  CHECK(mcpauth({"version", "--now", "2027-01-31T10:00:00Z"}).status == 0);
  CHECK(has(mcpauth({"version", "--now", "soon"}).err, "--now: `soon` is not a time"));
  CHECK(mcpauth({"version", "--color", "never"}).status == 0);
  CHECK(mcpauth({"version", "--color", "blue"}).status == 2);
  CHECK(has(mcpauth({"verzion", "--color", "always"}).err, "error["));
}

}  // namespace mcpauth::test
