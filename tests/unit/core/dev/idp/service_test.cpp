#include "core/dev/idp/service.hpp"

#include <thread>

#include <doctest/doctest.h>

#include "core/dev/idp/fetch.hpp"
#include "support/fakes.hpp"
#include "support/raw_client.hpp"

namespace mcpauth::dev::idp {
namespace {

Result<std::unique_ptr<Service>> service(std::string address, const Clock& clock) {
  auto key = throwaway_key();
  REQUIRE(key);
  return Service::open({.address = std::move(address), .threads = 1}, {}, *std::move(key), clock);
}

http::Response answer(int status, std::string body) {
  return {.status = status, .body = std::move(body)};
}

}  // namespace

TEST_CASE("dev/idp/service: the issuer is the address it listens on, and every answer is marked") {
  const test::FakeClock clock;
  const auto idp = service("127.0.0.1", clock);
  REQUIRE(idp);
  std::jthread running([&] { (*idp)->server().run(false); });
  const auto port = (*idp)->server().port();
  CHECK((*idp)->issuer() == "http://127.0.0.1:" + std::to_string(port));
  test::RawClient client(port);
  const std::string host = "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
  const auto found =
      client.ask("GET /.well-known/openid-configuration HTTP/1.1\r\n" + host + "\r\n");
  CHECK(found.status == 200);
  CHECK(found.body.find((*idp)->issuer()) != std::string::npos);
  CHECK(found.header("X-Dev-Idp") == "not for production");
  const auto rebound =
      client.ask("GET /.well-known/jwks.json HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  CHECK(rebound.status == 403);
  CHECK(rebound.header("X-Dev-Idp") == "not for production");
  (*idp)->server().stop();
}

TEST_CASE("dev/idp/service: an address that others can reach is refused before it is bound") {
  const test::FakeClock clock;
  for (const std::string address : {"0.0.0.0", "::", "192.0.2.1"}) {
    CAPTURE(address);
    const auto idp = service(address, clock);
    REQUIRE_FALSE(idp);
    CHECK(idp.error().code == Errc::usage);
    CHECK(idp.error().message.find("loopback only") != std::string::npos);
  }
}

TEST_CASE("dev/idp/fetch: a token is asked for as JSON and given alone") {
  test::FakeHttp http;
  http.replies.push_back(answer(200, R"({"access_token":"a.b.c","id_token":"d.e.f"})"));
  const auto token =
      fetch_token("http://127.0.0.1:9400", {.user = "alice", .audience = "x", .type = "id"}, http);
  REQUIRE(token);
  CHECK(*token == "d.e.f");
  CHECK(http.requests[0].method == "POST");
  CHECK(http.requests[0].url == "http://127.0.0.1:9400/dev/token");
  CHECK(http.requests[0].body.reveal_text() == R"({"user":"alice","type":"id","audience":"x"})");
}

TEST_CASE("dev/idp/fetch: what goes wrong is said, and nobody but loopback is asked") {
  test::FakeHttp http;
  const TokenRequest alice{.user = "alice", .type = "access"};
  const auto elsewhere = fetch_token("https://idp.example.com", alice, http);
  REQUIRE_FALSE(elsewhere);
  CHECK(elsewhere.error().message.find("loopback only") != std::string::npos);
  CHECK(http.requests.empty());

  http.replies.push_back(answer(400, R"({"error":"x","error_description":"there is no user"})"));
  const auto refused = fetch_token("http://127.0.0.1:1", alice, http);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "no token for `alice`: there is no user");

  for (const std::string body : {"<html>", "{}", R"({"access_token":7})"}) {
    CAPTURE(body);
    http.replies.push_back(answer(200, body));
    const auto strange = fetch_token("http://127.0.0.1:1", alice, http);
    REQUIRE_FALSE(strange);
    CHECK(strange.error().message == "`http://127.0.0.1:1` is not a development IdP");
  }

  http.replies.push_back(Error{.code = Errc::network, .message = "connection refused"});
  const auto down = fetch_token("http://127.0.0.1:1", alice, http);
  REQUIRE_FALSE(down);
  CHECK(down.error().message == "the development IdP: connection refused");
  CHECK(down.error().hint == "start one with `mcpauth dev idp`");
}

}  // namespace mcpauth::dev::idp
