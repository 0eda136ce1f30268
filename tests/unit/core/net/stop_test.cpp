#include <unistd.h>

#include <chrono>
#include <csignal>
#include <future>

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

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view kHalf =
    "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";

Answer ok() {
  return Answer([](const Request&) { return test::text_response("ok"); });
}

/// A server that has got half a request on a connection.
struct Busy {
  explicit Busy(std::chrono::milliseconds drain_time, bool signals)
      : server(handler, {.limits = {.drain_time = drain_time}}, signals), client(server.port()) {
    REQUIRE(client.ask(kHalf).status == 100);  // so it has read that half
  }

  Answer handler = ok();
  RunningServer server;
  RawClient client;
};

}  // namespace

TEST_CASE("net/stop: a running request is finished, an idle connection is closed at once") {
  std::promise<void> started;
  std::promise<void> may_end;
  Answer handler([&](const Request& request) {
    if (request.path == "/slow") {
      started.set_value();
      may_end.get_future().wait();
    }
    return test::text_response("ok");
  });
  RunningServer server(handler, {.threads = 1, .limits = {.drain_time = 60s}});
  RawClient idle(server.port());
  REQUIRE(idle.ask(kGet).status == 200);
  RawClient busy(server.port());
  busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  started.get_future().wait();
  server.stop();
  may_end.set_value();
  CHECK(busy.response().status == 200);
  CHECK(idle.closes());
  busy.finish_sending();
  CHECK(server.wait() == 0);
}

TEST_CASE("net/stop: a request that is half there may be completed, and ends the connection") {
  Busy busy(60s, false);
  busy.server.stop();
  const auto reply = busy.client.ask("ab");
  CHECK(reply.status == 200);
  CHECK(reply.has("Connection: close"));
  CHECK(busy.client.closes());
  busy.client.finish_sending();
  CHECK(busy.server.wait() == 0);
}

TEST_CASE("net/stop: what is not done in the drain time is cut off") {
  Busy busy(200ms, false);
  busy.server.stop();
  CHECK(busy.server.wait() == 0);
  CHECK(busy.client.closes());
}

TEST_CASE("net/stop: nobody is let in any more") {
  Busy busy(60s, false);
  const auto port = busy.server.port();
  busy.server.stop();
  busy.client.finish_sending();
  busy.server.wait();
  CHECK_FALSE(RawClient(port).connected());
}

TEST_CASE("net/stop: the first signal drains, the second ends at once, and run says which it was") {
  Busy busy(60s, true);
  ::kill(::getpid(), SIGTERM);
  // The acceptors are closed once the first signal has been taken.
  while (RawClient(busy.server.port()).connected()) {
  }
  ::kill(::getpid(), SIGINT);
  CHECK(busy.server.wait() == SIGTERM);
  CHECK(busy.client.closes());
}

TEST_CASE("net/stop: a hangup calls back and the server goes on") {
  auto handler = ok();
  std::promise<void> called;
  RunningServer server(handler, {}, true, [&] { called.set_value(); });
  RawClient client(server.port());
  REQUIRE(client.ask(kGet).status == 200);
  ::kill(::getpid(), SIGHUP);
  REQUIRE(called.get_future().wait_for(10s) == std::future_status::ready);
  CHECK(client.ask(kGet).status == 200);
}

TEST_CASE("net/stop: a signal that comes before the server runs is not lost and kills nobody") {
  auto handler = ok();
  const auto server = Server::open({}, handler);
  REQUIRE(server);
  (*server)->catch_signals();
  ::kill(::getpid(), SIGHUP);
  ::kill(::getpid(), SIGTERM);
  int hangups = 0;
  CHECK((*server)->run(true, [&] { ++hangups; }) == SIGTERM);
  CHECK(hangups == 1);
}

TEST_CASE("net/stop: a server that never ran goes without a trace") {
  auto handler = ok();
  const auto server = Server::open({}, handler);
  REQUIRE(server);
  CHECK((*server)->port() != 0);
}

}  // namespace mcpauth::net
