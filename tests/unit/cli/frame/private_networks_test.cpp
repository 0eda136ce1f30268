#include <algorithm>

#include "core/base/reason.hpp"
#include "core/codec/base64url.hpp"
#include "core/http/address_guard.hpp"
#include "support/minting.hpp"

namespace mcpauth::test {
namespace {

constexpr std::string_view kConfig = R"([[idp]]
name = "kc"
preset = "keycloak"
issuer = "https://sso.acme.example/realms/staff"
audience = ["mcpauth"]
org_id = "acme"
networks = ["10.1.0.0/16"]
[[idp]]
name = "okta"
preset = "okta"
issuer = "https://acme.okta.com"
audience = ["mcpauth"]
org_id = "acme"
)";

/// A directory with a configuration, and a token to send from it.
struct Desk {
  TempDir dir;
  World world;
  std::string token =
      dir.write("token", base64url::encode(bytes_of(R"({"alg":"ES256","kid":"k"})")) + ".e30.AAAA")
          .string();

  explicit Desk(std::string_view config = kConfig) {
    dir.write("mcpauth.toml", config);
    world.directory = dir.path();
  }

  /// Where the first request of a run may go.
  http::Reach reach_of(const std::vector<std::string>& args) {
    world.http.requests.clear();
    world.http.replies.clear();
    mcpauth(args, world);
    REQUIRE(!world.http.requests.empty());
    return world.http.requests[0].reach;
  }

  /// Every command that fetches a URL from the command line.
  std::vector<std::vector<std::string>> commands(const std::string& url) const {
    return {{"verify", token, "--issuer", url, "--audience", "a"},
            {"verify", token, "--jwks", url, "--audience", "a"},
            {"verify", "--batch", token, "--jwks", url, "--audience", "a"},
            {"jwks", "fetch", url},
            {"jwks", "lint", url},
            {"jwks", "diff", url, url},
            {"mint", "--from", url, "--subject-token", token, "--audience", "a"}};
  }
};

const http::Reach kStaff{.networks = {http::Network::parse("10.1.0.0/16").value()}};

Error forbidden() {
  return {.code = Errc::network,
          .message = "`sso` is at 10.1.2.3",
          .hint = "10.1.2.3 is a private address: name its network",
          .reason = reason::kAddressForbidden};
}

}  // namespace

TEST_CASE("cli/networks: a URL of a configured IdP may lead into its networks, any other not") {
  Desk desk;
  for (const auto* url : {"https://sso.acme.example/realms/staff",
                          "https://sso.acme.example/realms/staff/protocol/openid-connect/certs"}) {
    for (const auto& command : desk.commands(url)) {
      CAPTURE(command);
      CHECK(desk.reach_of(command) == kStaff);
      auto without = command;
      without.insert(without.end(), {"-C", "none"});
      CHECK(desk.reach_of(without) == http::Reach::internet);
    }
  }
  for (const auto* url : {"https://acme.okta.com", "https://sso.acme.example:8443/realms/staff",
                          "https://10.1.2.3/jwks.json"}) {
    for (const auto& command : desk.commands(url)) {
      CAPTURE(command);
      CHECK(desk.reach_of(command) == http::Reach::internet);
    }
  }
}

TEST_CASE("cli/networks: doctor asks each IdP within its own networks") {
  Desk desk;
  mcpauth({"doctor"}, desk.world);
  const auto& asked = desk.world.http.requests;
  REQUIRE(asked.size() == 2);  // the script of answers is empty
  CHECK(asked[0].reach == kStaff);
  CHECK(asked[1].reach == http::Reach::internet);
}

TEST_CASE("cli/networks: doctor says how to allow the address of an IdP") {
  Desk desk;
  desk.world.http.replies = {forbidden()};
  const auto run = mcpauth({"doctor"}, desk.world);
  CHECK(run.status == 1);
  CHECK(has(run.out, "try: 10.1.2.3 is a private address: name its network\n"));
}

TEST_CASE(
    "cli/networks: a configuration that is found and broken allows nothing, and a note says so") {
  Desk desk(std::string(kConfig) + "networks = [\"0.0.0.0/0\"]\n");
  const std::string url = "https://sso.acme.example/realms/staff";
  for (const auto& command : desk.commands(url)) {
    CAPTURE(command);
    desk.world.http.requests.clear();
    const auto run = mcpauth(command, desk.world);
    REQUIRE(!desk.world.http.requests.empty());
    CHECK(desk.world.http.requests[0].reach == http::Reach::internet);
    CHECK(has(run.err, "the configuration is not used: "));
    CHECK(run.status == 3);
  }
  const auto broken = (desk.dir.path() / "mcpauth.toml").string();
  for (auto command : desk.commands(url)) {
    CAPTURE(command);
    command.insert(command.end(), {"-C", broken});
    desk.world.http.requests.clear();
    CHECK(mcpauth(command, desk.world).status == 2);
    CHECK(desk.world.http.requests.empty());
  }
}

TEST_CASE("cli/networks: the refusal of an address suggests a file where a file would do") {
  Desk desk;
  const std::string url = "https://10.1.2.3/jwks";
  for (const auto& command : desk.commands(url)) {
    CAPTURE(command);
    desk.world.http.replies = {forbidden(), forbidden()};
    const auto run = mcpauth(command, desk.world);
    CHECK(run.status == 3);
    CHECK(has(run.err, "10.1.2.3 is a private address: name its network"));
    const bool by_file = command[1] != "fetch" && command[0] != "mint";
    CHECK(has(run.err, "name its network, or give the key set as a file\n") == by_file);
  }
}

}  // namespace mcpauth::test
