#include "core/identity/reach.hpp"

#include "unit/core/identity/support.hpp"

namespace mcpauth::identity {
namespace {

http::Network network(std::string_view cidr) {
  const auto parsed = http::Network::parse(cidr);
  REQUIRE(parsed);
  return *parsed;
}

Settings inside(std::string issuer, std::string_view cidr) {
  return {.issuer = std::move(issuer), .reach = {.networks = {network(cidr)}}};
}

http::Reach reach(std::string_view url, const std::vector<Settings>& idps) {
  const auto parsed = Url::parse(url);
  REQUIRE(parsed);
  return reach_of(*parsed, idps);
}

TEST_CASE("identity/reach: a URL at an IdP's origin may lead into that IdP's networks") {
  const std::vector idps = {inside("https://sso.acme.example/realms/staff", "10.1.0.0/16"),
                            inside("https://other.example", "10.2.0.0/16")};
  const http::Reach expected{.networks = {network("10.1.0.0/16")}};
  for (const auto* url :
       {"https://sso.acme.example/realms/staff", "https://sso.acme.example/realms/staff/certs",
        "https://SSO.acme.example:443/x"}) {
    CAPTURE(url);
    CHECK(reach(url, idps) == expected);
  }
  for (const auto* url :
       {"https://sso.acme.example:8443/realms/staff", "https://acme.example/",
        "https://sso.acme.example.evil.example/realms/staff", "https://10.1.2.3/realms/staff",
        "http://sso.acme.example/realms/staff"}) {
    CAPTURE(url);
    CHECK(reach(url, idps) == http::Reach::internet);
  }
  CHECK(reach("https://sso.acme.example", {}) == http::Reach::internet);
}

TEST_CASE("identity/reach: the place of an IdP's keys counts as well, and IdPs add up") {
  auto keys_elsewhere = inside("https://sso.acme.example", "10.1.0.0/16");
  keys_elsewhere.jwks_uri = "https://keys.acme.example/all";
  const std::vector idps = {keys_elsewhere, inside("https://keys.acme.example", "10.2.0.0/16"),
                            Settings{.issuer = "https://keys.acme.example"}};
  CHECK(reach("https://keys.acme.example/all", idps) ==
        http::Reach{.networks = {network("10.1.0.0/16"), network("10.2.0.0/16")}});
}

TEST_CASE("identity/reach: this machine is reached where the URL names it, whatever an IdP may") {
  auto local = inside("https://sso.acme.example", "10.1.0.0/16");
  local.reach.loopback = true;  // for its keys on this machine
  CHECK(!reach("https://sso.acme.example/keys", {local}).loopback);
  CHECK(reach("http://127.0.0.1:8700/jwks", {}) == http::Reach::loopback_too);
}

}  // namespace
}  // namespace mcpauth::identity
