#include <chrono>
#include <fstream>

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "core/http/curl_client.hpp"
#include "core/identity/issuer_keys.hpp"
#include "key_documents.hpp"
#include "support/hostile_server.hpp"

namespace mcpauth::identity {
namespace {

using http::Reach;
using test::answer;
using test::HostileServer;
using test::Peer;
using namespace std::chrono_literals;

constexpr auto kJson = "Content-Type: application/json\r\n";

/// The most memory this process ever held, in KiB.
long peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    long value = 0;
    if (word == "VmHWM:" && status >> value) return value;
  }
  return 0;
}

/// The failure of fetching keys from this server: within two seconds and 16 MiB.
Error failure_of(const HostileServer::Handler& handler) {
  const HostileServer server(handler);
  const SystemClock clock;
  const auto client = http::make_client();
  const auto keys =
      jwks_url_keys(server.url("/jwks"), Reach::loopback_too, *client, clock, {.timeout = 300ms});
  const auto memory = peak_memory();
  const auto before = std::chrono::steady_clock::now();
  const auto got = keys->keys();
  CHECK(std::chrono::steady_clock::now() - before < 2s);
  CHECK(peak_memory() - memory < 16 * 1024);
  REQUIRE(!got);
  CHECK(got.error().message.find(server.url("/jwks")) != std::string::npos);
  return got.error();
}

HostileServer::Handler answering(std::string text) {
  return [text = std::move(text)](Peer& peer, const std::string&) { peer.send(text); };
}

}  // namespace

TEST_CASE("identity/issuer_keys: a good issuer over real HTTP") {
  std::string base;
  const HostileServer server([&](Peer& peer, const std::string& request) {
    if (request.starts_with("GET /t/keys ")) {
      const bool known = request.find("If-None-Match: \"v1\"") != std::string::npos;
      peer.send(known ? "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n"
                      : answer("200 OK", std::string(kJson) + "ETag: \"v1\"\r\n", jwks("k1")));
    } else if (request.starts_with("GET /t/.well-known/openid-configuration ")) {
      peer.send(answer("200 OK", kJson,
                       "{\"issuer\":\"" + base + "\",\"jwks_uri\":\"" + base + "/keys\"}"));
    } else {
      peer.send(answer("404 Not Found", "", "no"));
    }
  });
  base = server.url("/t");
  const SystemClock clock;
  const auto client = http::make_client();
  const auto keys = issuer_keys(base, Reach::loopback_too, *client, clock);
  const auto set = keys->keys();
  REQUIRE(set);
  CHECK((*set)->with_kid("k1").size() == 1);
  CHECK(server.requests() == 4);
  const auto again = keys->keys_after_unknown("k2");  // 304
  REQUIRE(again);
  CHECK((*again)->with_kid("k1").size() == 1);
  CHECK(server.requests() == 5);
}

TEST_CASE("identity/issuer_keys: a slow, silent or endless issuer costs bounded time and memory") {
  const auto drip = [](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.dawdle(10) && peer.send(" ")) {
    }
  };
  CHECK(failure_of(drip).code == Errc::timeout);
  const auto silent = [](Peer& peer, const std::string&) { peer.dawdle(1500); };
  CHECK(failure_of(silent).code == Errc::timeout);
  const auto endless = [](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\n\r\n{\"keys\":[");
    const std::string block(64 * 1024, ' ');
    while (peer.send(block)) {
    }
  };
  const auto error = failure_of(endless);
  CHECK(error.code == Errc::input);
  CHECK(error.message.ends_with("answered with a body over 524288 bytes"));
  const auto endless_headers = [](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\n");
    while (peer.send("a: b\r\n")) {
    }
  };
  CHECK(failure_of(endless_headers).message.ends_with("answered with more than 100 headers"));
}

TEST_CASE("identity/issuer_keys: an issuer that answers with something else") {
  CHECK(failure_of(answering(answer("302 Found", "Location: http://127.0.0.1:1/\r\n", "")))
            .message.ends_with(" redirects, which is not followed"));
  CHECK(failure_of(answering(answer("200 OK", "Content-Type: text/html\r\n", "<html>sign in")))
            .message.ends_with(" answered with a web page instead of JSON"));
  CHECK(failure_of(answering(answer("200 OK", "Content-Encoding: gzip\r\n", "\x1f\x8b")))
            .message.ends_with(" answered with a compressed body, unasked"));
  CHECK(failure_of(answering("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"keys\":[")).code ==
        Errc::network);
  CHECK(failure_of(answering("")).code == Errc::network);
}

TEST_CASE("identity/issuer_keys: a key set too large, too long or not for verifying") {
  std::string small = "{\"keys\":[{}";
  std::string large = "{\"keys\":[" + jwk("k");
  for (int i = 1; i < 10'000; ++i) {
    small += ",{}";
    large += "," + jwk("k" + std::to_string(i));
  }
  const auto served = [](const std::string& body) {
    return failure_of(answering(answer("200 OK", kJson, body)));
  };
  CHECK(served(small + "]}").message.ends_with("has 10000 keys, over the limit of 256"));
  CHECK(served(large + "]}").message.ends_with("answered with a body over 524288 bytes"));
  for (const std::string rest : {R"(,"use":"enc")", R"(,"key_ops":["sign"])", R"(,"alg":"HS256")",
                                 R"(,"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI")"}) {
    CAPTURE(rest);
    const auto error = served(jwks("k1", rest));
    CHECK(error.code == Errc::input);
    CHECK(error.reason == reason::kKeySetUnusable);
  }
}

TEST_CASE("identity/issuer_keys: an issuer that turns hostile does not take the good set away") {
  std::atomic<bool> hostile{false};
  const HostileServer server([&](Peer& peer, const std::string&) {
    peer.send(answer("200 OK", kJson, hostile ? "<html>" : jwks("k1")));
  });
  const SystemClock clock;
  const auto client = http::make_client();
  const auto keys = jwks_url_keys(server.url("/jwks"), Reach::loopback_too, *client, clock);
  REQUIRE(keys->keys());
  hostile = true;
  const auto after = keys->keys_after_unknown("other");
  REQUIRE(after);
  CHECK((*after)->with_kid("k1").size() == 1);
  CHECK(server.requests() == 2);
}

TEST_CASE("identity/issuer_keys: metadata may not lead to an address that is forbidden") {
  std::string base;
  for (const std::string target : {"https://169.254.169.254/latest", "https://10.0.0.1/keys"}) {
    CAPTURE(target);
    const HostileServer server([&](Peer& peer, const std::string&) {
      peer.send(
          answer("200 OK", kJson, "{\"issuer\":\"" + base + "\",\"jwks_uri\":\"" + target + "\"}"));
    });
    base = server.url("/t");
    const SystemClock clock;
    const auto client = http::make_client();
    const auto got = issuer_keys(base, Reach::loopback_too, *client, clock)->keys();
    REQUIRE(!got);
    CHECK(got.error().reason == reason::kAddressForbidden);
  }
}

}  // namespace mcpauth::identity
