#include "cli/token/mint_output.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>

#include "support/minting.hpp"

namespace mcpauth::test {
namespace {

std::string minted(const std::string& format, std::vector<std::string> more = {}) {
  Company company;
  more.insert(more.begin(), {"--format", format});
  const auto run = mcpauth(by_hand(company.key_file(), more), company.world);
  REQUIRE_MESSAGE(run.status == 0, run.err);
  return run.out;
}

/// What a shell prints when it is given a script; nothing where it is not installed.
std::optional<std::string> shell(const std::string& program, const std::string& script) {
  if (std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) != 0) return {};
  const TempDir dir;
  const auto file = dir.write("script", script);
  FILE* const out = ::popen((program + " " + file.string()).c_str(), "r");
  REQUIRE(out != nullptr);
  std::string text;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), out) != nullptr)
    text += buffer.data();
  CHECK(::pclose(out) == 0);
  return text;
}

bool is_token(std::string_view text) {
  return text.starts_with("eyJ") && jose::parse_jws(text);
}

}  // namespace

TEST_CASE("cli/mint: each format holds the token in the form that its reader takes") {
  const struct {
    const char* format;
    std::string_view before, after;
  } cases[] = {
      {"raw", "", "\n"},
      {"header", "Authorization: Bearer ", "\n"},
      {"env", "export MCP_TOKEN='", "'\n"},
      {"fish", "set -gx MCP_TOKEN '", "'\n"},
      {"powershell", "$env:MCP_TOKEN = '", "'\n"},
      {"dotenv", "MCP_TOKEN=", "\n"},
      {"gitlab", "MCP_TOKEN=", "\n"},
      {"github", "token=", "\n"},
      {"curl", "header = \"Authorization: Bearer ", "\"\n"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.format);
    const std::string text = minted(one.format);
    REQUIRE(text.starts_with(one.before));
    REQUIRE(text.ends_with(one.after));
    CHECK(is_token(std::string_view(text).substr(
        one.before.size(), text.size() - one.before.size() - one.after.size())));
  }
}

TEST_CASE("cli/mint: bash and fish read back exactly the token") {
  const auto bash = shell("bash", minted("env", {"--var", "T"}) + "printf '%s' \"$T\"\n");
  if (bash) CHECK(is_token(*bash));
  const auto fish = shell("fish --no-config", minted("fish", {"--var", "T"}) + "printf '%s' $T\n");
  if (fish) CHECK(is_token(*fish));
  if (!bash && !fish) MESSAGE("skipped: neither bash nor fish is installed");
}

TEST_CASE("cli/mint: --json and exec-credential are documents with the token and its end") {
  Company company;
  const auto run = mcpauth(by_hand(company.key_file(), {"--json"}), company.world);
  REQUIRE(run.status == 0);
  const auto document = json::parse(run.out).value();
  CHECK(text_of_claim(document, "schema") == "mcpauth.mint/1");
  CHECK(text_of_claim(document, "expires") == "2027-01-15T08:10:00Z");
  CHECK(text_of_claim(document, "expires_in") == "600");
  CHECK(is_token(text_of_claim(document, "token")));
  CHECK(text_of_claim(*document.find("claims"), "sub") == "alice");

  const auto credential = json::parse(minted("exec-credential")).value();
  CHECK(text_of_claim(credential, "apiVersion") == "client.authentication.k8s.io/v1");
  CHECK(text_of_claim(credential, "kind") == "ExecCredential");
  const auto& status = *credential.find("status");
  CHECK(text_of_claim(status, "expirationTimestamp") == "2027-01-15T08:10:00Z");
  CHECK(is_token(text_of_claim(status, "token")));
}

TEST_CASE("cli/mint: a variable's name cannot smuggle a command in") {
  Company company;
  for (const auto* name : {"A;id", "A B", "1A", "A=B", "$(id)", "A\n", "-x"}) {
    CAPTURE(name);
    const auto run =
        mcpauth(by_hand(company.key_file(), {"--format", "env", "--var=" + std::string(name)}),
                company.world);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
  }
  const auto run = mcpauth(by_hand(company.key_file(), {"--format", "evn"}), company.world);
  CHECK(run.status == 2);
  CHECK(has(run.err, "env"));
}

TEST_CASE("cli/mint: a token of somebody else that could end its quotes is refused") {
  Company company;
  for (const auto* bad : {"a'b", "a b", "a\nb", "a\"b", "", "=", "a$b", "a`b`"}) {
    CAPTURE(bad);
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    cli::Env env{.in = in,
                 .out = out,
                 .err = err,
                 .clock = &company.world.clock,
                 .random = company.world.random,
                 .variable = [](std::string_view) { return std::nullopt; }};
    cli::TokenAnswer answer;
    answer.token = Secret::copy_of(std::string_view(bad));
    CHECK_FALSE(cli::print_token(answer, cli::TokenFormat::env, "", env));
    CHECK(out.str().empty());
  }
}

}  // namespace mcpauth::test
