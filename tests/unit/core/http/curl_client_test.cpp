#include "core/http/curl_client.hpp"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): setenv

#include <chrono>

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "support/hostile_server.hpp"

namespace mcpauth::http {
namespace {

using test::answer;
using test::HostileServer;
using test::Peer;
using namespace std::chrono_literals;

Request local(std::string url) {
  return {.url = std::move(url),
          .reach = Reach::loopback_too,
          .timeout = 500ms,
          .connect_timeout = 500ms,
          .max_body = 4096};
}

std::string failure_of(const Request& request) {
  const auto client = make_client();
  const auto got = client->send(request);
  return got ? "answered " + std::to_string(got->status) : got.error().message;
}

/// The error of asking a server that does `handler`; it must come within two seconds.
Error error_from(const HostileServer::Handler& handler) {
  const HostileServer server(handler);
  const auto client = make_client();
  const auto before = std::chrono::steady_clock::now();
  auto got = client->send(local(server.url()));
  CHECK(std::chrono::steady_clock::now() - before < 2s);
  REQUIRE(!got);
  return got.error();
}

}  // namespace

TEST_CASE("http/curl_client: a GET as it looks on the wire") {
  std::string seen;
  const HostileServer server([&](Peer& peer, const std::string& request) {
    seen = request;
    peer.send(answer("200 OK", "ETag: \"v1\"\r\n", "hello"));
  });
  const auto client = make_client();
  auto request = local(server.url("/a%20b?c=d"));
  request.headers.emplace_back("If-None-Match", "\"v0\"");
  const auto got = client->send(request);
  REQUIRE(got);
  CHECK(got->status == 200);
  CHECK(got->body == "hello");
  CHECK(got->header("etag") == "\"v1\"");
  CHECK(seen == "GET /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                    "\r\nUser-Agent: mcpauth/" MCPAUTH_VERSION
                    "\r\nAccept: */*\r\nIf-None-Match: \"v0\"\r\n\r\n");
}

TEST_CASE("http/curl_client: a POST sends its body and authorization") {
  std::string seen;
  const HostileServer server([&](Peer& peer, const std::string& request) {
    seen = request;
    peer.send(answer("400 Bad Request", "", "{}"));
  });
  const auto client = make_client();
  auto request = local(server.url("/token"));
  request.method = "POST";
  request.authorization = Secret::copy_of("Basic YTpi");
  request.body = Secret::copy_of(std::string_view("a=1\0&b", 6));
  const auto got = client->send(request);
  REQUIRE(got);
  CHECK(got->status == 400);
  CHECK(seen.starts_with("POST /token HTTP/1.1\r\n"));
  CHECK(seen.find("\r\nAuthorization: Basic YTpi\r\n") != std::string::npos);
  CHECK(seen.find("Expect") == std::string::npos);
  CHECK(seen.ends_with(std::string("\r\n\r\na=1\0&b", 10)));
}

TEST_CASE("http/curl_client: a connection is used again") {
  const HostileServer server(
      [](Peer& peer, const std::string&) { peer.send(answer("200 OK", "", "x")); },
      HostileServer::After::keep_open);
  const auto client = make_client();
  for (int i = 0; i < 3; ++i)
    CHECK(client->send(local(server.url())));
  CHECK(server.requests() == 3);
  CHECK(server.connections() == 1);
}

TEST_CASE("http/curl_client: a name that resolves to a forbidden address is not dialled") {
  const HostileServer server([](Peer&, const std::string&) {});
  const auto client = make_client();
  for (const std::string host : {"localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"}) {
    CAPTURE(host);
    const auto got =
        client->send({.url = "https://" + host + ":" + std::to_string(server.port()) + "/"});
    REQUIRE(!got);
    CHECK(got.error().code == Errc::network);
    CHECK(got.error().reason == reason::kAddressForbidden);
    CHECK(got.error().message.find("(loopback)") != std::string::npos);
    CHECK(!got.error().hint.empty());
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("http/curl_client: private and metadata addresses stay closed when loopback is open") {
  for (const std::string host :
       {"169.254.169.254", "10.0.0.1", "[fd00:ec2::254]", "[64:ff9b::a00:1]", "0.0.0.0", "[::]",
        "100.100.100.200", "[2002:7f00:1::]"}) {
    CAPTURE(host);
    const auto client = make_client();
    const auto got = client->send(local("https://" + host + "/"));
    REQUIRE(!got);
    CHECK(got.error().reason == reason::kAddressForbidden);
  }
}

TEST_CASE("http/curl_client: a private address says how it is opened, any other does not") {
  for (const std::string host : {"10.1.2.3", "192.168.0.1", "100.64.0.1", "[fd12::1]"}) {
    CAPTURE(host);
    const auto got = make_client()->send({.url = "https://" + host + "/"});
    REQUIRE(!got);
    CHECK(got.error().hint.ends_with(
        " is a private address: name its network in `networks` of its [[idp]]"));
  }
  for (const std::string host : {"169.254.169.254", "[fd00:ec2::254]", "127.0.0.1", "0.0.0.0"}) {
    CAPTURE(host);
    const auto got = make_client()->send({.url = "https://" + host + "/"});
    REQUIRE(!got);
    CHECK(got.error().hint.find("private address") == std::string::npos);
  }
}

TEST_CASE("http/curl_client: a listed network lets its addresses be dialled, over https only") {
  Request request{.url = "https://[fd12:3456:789a::1]:9/",
                  .reach = {.networks = {*Network::parse("fd12:3456:789a::/48")}},
                  .timeout = 20ms};
  const auto dialled = make_client()->send(request);
  REQUIRE(!dialled);
  CHECK(dialled.error().reason.empty());  // nobody is there, but it was tried
  for (const std::string url :
       {"https://[fd12:3456:789b::1]:9/", "https://10.1.2.3:9/", "https://127.0.0.1:9/",
        "https://[fd00:ec2::254]/", "http://[fd12:3456:789a::1]:9/"}) {
    CAPTURE(url);
    request.url = url;
    const auto refused = make_client()->send(request);
    REQUIRE(!refused);
    CHECK(refused.error().reason == reason::kAddressForbidden);
  }
}

TEST_CASE("http/curl_client: who has a proxy learns that it is not used, where that may be why") {
  int port = 0;
  {
    const HostileServer gone([](Peer&, const std::string&) {});
    port = gone.port();
  }
  const auto url = "http://127.0.0.1:" + std::to_string(port) + "/";
  const ClientSettings behind_proxy{.proxy_variable = "HTTPS_PROXY"};
  const auto unreached = make_client(behind_proxy)->send(local(url));
  REQUIRE(!unreached);
  CHECK(unreached.error().hint ==
        "HTTPS_PROXY is set, and proxies are not used: the host must be reached from this machine");
  CHECK(make_client()->send(local(url)).error().hint.empty());
  const HostileServer silent([](Peer& peer, const std::string&) { peer.dawdle(600); });
  const auto late = make_client(behind_proxy)->send(local(silent.url()));
  CHECK(late.error().hint.starts_with("try again, or allow more time with --timeout; HTTPS_PROXY"));
  const auto refused = make_client(behind_proxy)->send({.url = "https://10.1.2.3/"});
  CHECK(refused.error().hint.find("HTTPS_PROXY") == std::string::npos);
}

TEST_CASE("http/curl_client: plain http is for loopback only, and only where it is allowed") {
  for (const std::string url : {"http://example.com/", "http://10.0.0.1/", "http://0.0.0.0/"}) {
    CAPTURE(url);
    const auto client = make_client();
    const auto got = client->send(local(url));
    REQUIRE(!got);
    CHECK(got.error().reason == reason::kAddressForbidden);
    CHECK(got.error().message.find("would be asked over plain http") != std::string::npos);
  }
}

TEST_CASE("http/curl_client: no proxy of the environment comes between guard and address") {
  const HostileServer proxy(
      [](Peer& peer, const std::string&) { peer.send(answer("200 OK", "", "proxied")); });
  const HostileServer server(
      [](Peer& peer, const std::string&) { peer.send(answer("200 OK", "", "direct")); });
  for (const auto* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"})
    ::setenv(name, proxy.url().c_str(), 1);
  const auto client = make_client();
  const auto got = client->send(local(server.url()));
  const auto refused = client->send({.url = "https://127.0.0.1:" + std::to_string(server.port())});
  for (const auto* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"})
    ::unsetenv(name);
  REQUIRE(got);
  CHECK(got->body == "direct");
  CHECK(refused.error().reason == reason::kAddressForbidden);
  CHECK(proxy.connections() == 0);
}

TEST_CASE("http/curl_client: a redirect is an answer, never followed") {
  const HostileServer target([](Peer&, const std::string&) {});
  const HostileServer server([&](Peer& peer, const std::string&) {
    peer.send(answer("302 Found", "Location: " + target.url("/secret") + "\r\n", ""));
  });
  const auto client = make_client();
  const auto got = client->send(local(server.url()));
  REQUIRE(got);
  CHECK(got->status == 302);
  CHECK(target.connections() == 0);
}

TEST_CASE("http/curl_client: an endless body ends at the limit") {
  const auto chunk = std::string(1000, 'x');
  const auto error = error_from([&](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.send(chunk)) {
    }
  });
  CHECK(error.code == Errc::input);
  CHECK(error.message == "`127.0.0.1` answered with a body over 4096 bytes");
}

TEST_CASE("http/curl_client: an announced large body is refused before it comes") {
  const auto error = error_from([](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4097\r\n\r\n");
    peer.dawdle(1500);
  });
  CHECK(error.code == Errc::input);
  CHECK(error.message == "`127.0.0.1` answered with a body over 4096 bytes");
}

TEST_CASE("http/curl_client: a body of exactly the limit is taken") {
  const HostileServer server([](Peer& peer, const std::string&) {
    peer.send(answer("200 OK", "", std::string(4096, 'x')));
  });
  const auto client = make_client();
  const auto got = client->send(local(server.url()));
  REQUIRE(got);
  CHECK(got->body.size() == 4096);
}

TEST_CASE("http/curl_client: a server that drips, stalls or says nothing is a timeout") {
  const auto drip = [](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    while (peer.dawdle(20) && peer.send("x")) {
    }
  };
  const auto drip_headers = [](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\n");
    while (peer.dawdle(20) && peer.send("a: b\r\n")) {
    }
  };
  const auto silent = [](Peer& peer, const std::string&) { peer.dawdle(1500); };
  for (const auto& handler : {HostileServer::Handler(drip), HostileServer::Handler(drip_headers),
                              HostileServer::Handler(silent)}) {
    const auto error = error_from(handler);
    CHECK(error.code == Errc::timeout);
    CHECK(error.message == "`127.0.0.1` did not answer in time");
  }
}

TEST_CASE("http/curl_client: the client's time holds in place of the request's") {
  const HostileServer server([](Peer& peer, const std::string&) { peer.dawdle(1500); });
  auto request = local(server.url());
  request.timeout = std::chrono::minutes(1);
  const auto client = make_client({.timeout = std::chrono::milliseconds(50)});
  const auto got = client->send(request);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == Errc::timeout);
}

TEST_CASE("http/curl_client: too many and too large headers are refused") {
  const auto many = error_from([](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\n");
    while (peer.send("a: b\r\n")) {
    }
  });
  CHECK(many.code == Errc::input);
  CHECK(many.message == "`127.0.0.1` answered with more than 100 headers");
  const auto large = error_from([](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\n");
    const auto line = "a: " + std::string(20'000, 'b') + "\r\n";
    while (peer.send(line)) {
    }
  });
  CHECK(large.code == Errc::input);
  CHECK(large.message == "`127.0.0.1` answered with headers over 64 KiB");
  const auto interim = error_from([](Peer& peer, const std::string&) {
    while (peer.send("HTTP/1.1 100 Continue\r\n\r\n")) {
    }
  });
  CHECK(interim.message == "`127.0.0.1` answered with headers over 64 KiB");
}

TEST_CASE("http/curl_client: a header line without end is bounded") {
  const auto error = error_from([](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\na: ");
    const std::string block(64 * 1024, 'b');
    while (peer.send(block)) {
    }
  });
  CHECK(error.message.find("127.0.0.1") != std::string::npos);
  CHECK((error.code == Errc::input || error.code == Errc::network));
}

TEST_CASE("http/curl_client: a body that ends early is not an answer") {
  const auto error = error_from([](Peer& peer, const std::string&) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"keys\":[]}");
  });
  CHECK(error.code == Errc::network);
  CHECK(error.message.starts_with("talking to `127.0.0.1` failed: "));
  CHECK(error_from([](Peer&, const std::string&) {}).code == Errc::network);
}

TEST_CASE("http/curl_client: HTTP/0.9 is not an answer") {
  const auto error = error_from([](Peer& peer, const std::string&) { peer.send("{\"keys\":[]}"); });
  CHECK(error.code == Errc::network);
}

TEST_CASE("http/curl_client: a compressed body is refused, not unpacked") {
  const auto error = error_from([](Peer& peer, const std::string&) {
    peer.send(answer("200 OK", "Content-Encoding: gzip\r\n", "\x1f\x8b\x08"));
  });
  CHECK(error.code == Errc::input);
  CHECK(error.message == "`127.0.0.1` answered with a compressed body, unasked");
}

TEST_CASE("http/curl_client: what cannot be reached says which origin") {
  int port = 0;
  {
    const HostileServer gone([](Peer&, const std::string&) {});
    port = gone.port();
  }
  CHECK(failure_of(local("http://127.0.0.1:" + std::to_string(port) + "/x?secret=1")) ==
        "cannot connect to `http://127.0.0.1:" + std::to_string(port) + "`");
}

TEST_CASE("http/curl_client: a request that breaks the rules is not sent") {
  const HostileServer server([](Peer&, const std::string&) {});
  auto method = local(server.url());
  method.method = "DELETE";
  CHECK(failure_of(method) == "only GET and POST are sent");
  auto split = local(server.url());
  split.headers.emplace_back("a", "b\r\nc: d");
  CHECK(failure_of(split) == "a header of the request has a character that is not allowed");
  auto authorization = local(server.url());
  authorization.authorization = Secret::copy_of("Bearer x\r\nc: d");
  CHECK(failure_of(authorization) == "a header of the request has a character that is not allowed");
  CHECK(failure_of(local("http://user:hunter2@127.0.0.1/")) ==
        "the URL has a user name or password before its host");
  CHECK(failure_of(local("file:///etc/passwd")) == "the URL's scheme is neither https nor http");
  CHECK(server.connections() == 0);
}

TEST_CASE("http/curl_client: errors of one request never name its query or body") {
  auto request = local("https://127.0.0.1:1/?hunter2");
  request.method = "POST";
  request.body = Secret::copy_of("hunter2");
  const auto client = make_client();
  const auto got = client->send(request);
  REQUIRE(!got);
  CHECK((got.error().message + got.error().hint + got.error().why).find("hunter2") ==
        std::string::npos);
}

TEST_CASE("http/curl_client: several threads share one client") {
  const HostileServer server(
      [](Peer& peer, const std::string& request) {
        peer.send(answer("200 OK", "", request.substr(4, request.find(" HTTP") - 4)));
      },
      HostileServer::After::keep_open);
  const auto client = make_client();
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const auto path = "/" + std::to_string(t) + "/" + std::to_string(i);
        const auto got = client->send(local(server.url(path)));
        if (got && got->body == path) ++right;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(right == 80);
  CHECK(server.connections() <= 4);
}

}  // namespace mcpauth::http
