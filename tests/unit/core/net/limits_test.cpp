#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <vector>

#include <doctest/doctest.h>

#include "core/net/server.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

namespace mcpauth::net {
namespace {

using namespace std::chrono_literals;
using test::Answer;
using test::RawClient;
using test::RunningServer;
using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

Answer ok() {
  return Answer([](const Request&) { return test::text_response("ok"); });
}

/// Sends a byte each 20 ms until the server has had enough; gives what it says.
test::RawResponse drip(RawClient& client, std::string_view bytes) {
  for (const char byte : bytes) {
    pollfd answered{.fd = client.socket(), .events = POLLIN, .revents = 0};
    if (::poll(&answered, 1, 20) == 1 || !client.send({&byte, 1})) break;
  }
  return client.response();
}

}  // namespace

TEST_CASE("net/limits: slowloris: headers that drip in are cut off by the total time") {
  auto handler = ok();
  const RunningServer server(handler, {.limits = {.header_time = 300ms, .idle_time = 60s}});
  RawClient client(server.port());
  const auto start = SteadyClock::now();
  const auto reply = drip(client, "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(1000, 'a'));
  CHECK(reply.status == 408);
  CHECK(reply.body == "the request came too slowly\n");
  CHECK(client.closes());
  CHECK(SteadyClock::now() - start < 8s);
}

TEST_CASE("net/limits: a connection on which nothing comes is closed without a word") {
  auto handler = ok();
  const RunningServer server(handler, {.limits = {.header_time = 200ms}});
  RawClient client(server.port());
  CHECK(client.closes());
}

TEST_CASE("net/limits: a body that drips in is cut off by the total time") {
  auto handler = ok();
  const RunningServer server(handler, {.limits = {.header_time = 60s, .body_time = 300ms}});
  RawClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
  CHECK(drip(client, std::string(1000, 'a')).status == 408);
  CHECK(client.closes());
}

TEST_CASE("net/limits: a connection between two requests has the idle time") {
  auto handler = ok();
  const RunningServer server(handler, {.limits = {.header_time = 60s, .idle_time = 200ms}});
  RawClient client(server.port());
  CHECK(client.ask(kGet).status == 200);
  CHECK(client.closes());
}

TEST_CASE("net/limits: a client that does not read is dropped after the write time") {
  std::atomic<int> handled = 0;
  Answer handler([&](const Request&) {
    ++handled;
    return Response{.body = std::make_shared<const std::string>(32 << 20, 'z')};
  });
  const RunningServer server(handler, {.limits = {.write_time = 200ms, .connections = 1}});
  RawClient client(server.port());
  client.send(kGet);
  // The only place is free again once the server has given up.
  const auto give_up = SteadyClock::now() + 10s;
  bool admitted = false;
  while (!admitted && SteadyClock::now() < give_up) {
    RawClient next(server.port());
    next.send(kGet);
    pollfd wait{.fd = next.socket(), .events = POLLIN, .revents = 0};
    ::poll(&wait, 1, 50);
    admitted = handled == 2;
  }
  CHECK(admitted);
}

TEST_CASE("net/limits: headers over the limit are a 431") {
  auto handler = ok();
  const RunningServer server(handler);
  RawClient client(server.port());
  const auto reply =
      client.ask("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(17 * 1024, 'a') + "\r\n\r\n");
  CHECK(reply.status == 431);
  CHECK(client.closes());
}

TEST_CASE("net/limits: a connection beyond the limit takes the place of the one idle longest") {
  auto handler = ok();
  const RunningServer server(handler, {.threads = 1, .limits = {.connections = 2}});
  RawClient first(server.port());
  RawClient second(server.port());
  REQUIRE(first.ask(kGet).status == 200);
  REQUIRE(second.ask(kGet).status == 200);
  RawClient third(server.port());
  CHECK(third.ask(kGet).status == 200);
  CHECK(first.closes());
  CHECK(second.ask(kGet).status == 200);
}

TEST_CASE("net/limits: slowloris: a crowd of half-open connections keeps nobody out") {
  auto handler = ok();
  const RunningServer server(
      handler, {.threads = 1, .limits = {.header_time = 60s, .body_time = 60s, .connections = 8}});
  RawClient before(server.port());
  REQUIRE(before.ask(kGet).status == 200);
  std::vector<RawClient> crowd;
  for (int i = 0; i < 40; ++i) {
    auto& client = crowd.emplace_back(server.port());
    client.send(i % 2 == 0 ? "GET / HTTP/1.1\r\nX: "
                           : "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx");
  }
  for (int i = 0; i < 10; ++i) {
    for (auto& client : crowd)
      client.send("a");
    RawClient good(server.port());
    CHECK(good.ask(kGet).status == 200);
  }
  // Who has been served was not sent away for them.
  CHECK(before.ask(kGet).status == 200);
}

TEST_CASE("net/limits: where descriptors are few, so are connections, and some stay free") {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit tight{.rlim_cur = 60, .rlim_max = limit.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
  auto handler = ok();
  {
    const RunningServer server(handler, {.threads = 1});
    ::setrlimit(RLIMIT_NOFILE, &limit);
    std::vector<RawClient> clients;
    for (int i = 0; i < 25; ++i)
      REQUIRE(clients.emplace_back(server.port()).ask(kGet).status == 200);
    CHECK(clients.front().closes());
    CHECK(clients.back().ask(kGet).status == 200);
  }
  const rlimit soft{.rlim_cur = 60, .rlim_max = limit.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &soft);
  raise_descriptor_limit();
  rlimit raised{};
  ::getrlimit(RLIMIT_NOFILE, &raised);
  CHECK(raised.rlim_cur == limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

TEST_CASE("net/limits: a connection ends after its number of requests") {
  auto handler = ok();
  const RunningServer server(handler, {.limits = {.requests_per_connection = 2}});
  RawClient client(server.port());
  CHECK_FALSE(client.ask(kGet).has("Connection: close"));
  CHECK(client.ask(kGet).has("Connection: close"));
  CHECK(client.closes());
}

TEST_CASE("net/limits: without descriptors the server pauses, does not spin, and recovers") {
  auto handler = ok();
  const RunningServer server(handler, {.threads = 1});
  RawClient before(server.port());
  REQUIRE(before.ask(kGet).status == 200);
  constexpr int kClients = 40;
  std::vector<int> sockets;
  for (int i = 0; i < kClients; ++i)
    sockets.push_back(::socket(AF_INET, SOCK_STREAM, 0));
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit tight{.rlim_cur = static_cast<rlim_t>(sockets.back() + 10),
                     .rlim_max = limit.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
  {
    std::vector<RawClient> clients;
    for (const int socket : sockets)
      clients.emplace_back(socket, server.port());
    REQUIRE(std::ranges::all_of(clients, &RawClient::connected));
    const auto burnt = std::clock();
    pollfd nothing{.fd = -1, .events = 0, .revents = 0};
    ::poll(&nothing, 1, 500);
    CHECK(static_cast<double>(std::clock() - burnt) / CLOCKS_PER_SEC < 0.2);
    CHECK(before.ask(kGet).status == 200);
  }
  RawClient after(server.port());
  CHECK(after.ask(kGet).status == 200);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace mcpauth::net
