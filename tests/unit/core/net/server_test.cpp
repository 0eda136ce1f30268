#include "core/net/server.hpp"

#include <vector>

#include <doctest/doctest.h>

#include "support/raw_client.hpp"
#include "support/running_server.hpp"

namespace mcpauth::net {
namespace {

using test::Answer;
using test::RawClient;
using test::RunningServer;

/// Answers with "METHOD target body".
Answer echo() {
  return Answer([](const Request& request) {
    return test::text_response(std::string(request.method) + " " + std::string(request.target) +
                               " " + std::string(request.body));
  });
}

}  // namespace

TEST_CASE("net/server: a connection carries several requests") {
  auto handler = echo();
  const RunningServer server(handler);
  RawClient client(server.port());
  for (const std::string target : {"/one", "/two"}) {
    const auto reply = client.ask("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reply.status == 200);
    CHECK(reply.body == "GET " + target + " ");
    CHECK(reply.header("Content-Type") == "text/plain");
    CHECK(reply.header("Date").ends_with(" GMT"));
    CHECK_FALSE(reply.has("Connection:"));
    CHECK_FALSE(reply.has("Server:"));
  }
}

TEST_CASE("net/server: HEAD has the headers of GET and no body") {
  auto handler = echo();
  const RunningServer server(handler);
  RawClient client(server.port());
  const auto head = client.ask("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n", false);
  CHECK(head.status == 200);
  CHECK(head.header("Content-Length") == "8");
  // A body would stand before this response.
  CHECK(client.ask("GET /y HTTP/1.1\r\nHost: h\r\n\r\n").body == "GET /y ");
}

TEST_CASE("net/server: pipelined requests are answered in their order") {
  auto handler = echo();
  const RunningServer server(handler);
  RawClient client(server.port());
  std::string requests;
  constexpr int kCount = 200;
  for (int i = 0; i < kCount; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  REQUIRE(client.send(requests));
  for (int i = 0; i < kCount; ++i) {
    CHECK(client.response().body == "GET /" + std::to_string(i) + " ");
  }
}

TEST_CASE("net/server: a client that has closed its side still gets the response") {
  auto handler = echo();
  const RunningServer server(handler);
  RawClient client(server.port());
  client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
  client.finish_sending();
  CHECK(client.response().body == "GET /x ");
  CHECK(client.closes());
}

TEST_CASE("net/server: HTTP/1.0 and Connection: close end the connection after the response") {
  auto handler = echo();
  const RunningServer server(handler);
  for (const std::string request :
       {"GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"}) {
    CAPTURE(request);
    RawClient client(server.port());
    const auto reply = client.ask(request);
    CHECK(reply.status == 200);
    CHECK(reply.header("Connection") == "close");
    CHECK(client.closes());
  }
}

TEST_CASE("net/server: a reply to a malformed request says what is wrong and repeats none of it") {
  auto handler = echo();
  const RunningServer server(handler);
  RawClient client(server.port());
  const auto reply = client.ask(
      "POST /secret HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabcGET / "
      "HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(reply.status == 400);
  CHECK(reply.body == "the body has two lengths\n");
  CHECK(reply.header("Connection") == "close");
  // What could have been a second request is not answered.
  CHECK(client.closes());
}

TEST_CASE("net/server: the refusal of a body arrives although the body is still coming") {
  auto handler = echo();
  const RunningServer server(handler, {.limits = {.body_bytes = 1000}});
  RawClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" +
              std::string(100'000, 'x'));
  const auto reply = client.response();
  CHECK(reply.status == 413);
  CHECK(reply.body == "the body is too long\n");
}

TEST_CASE("net/server: a body is asked for with 100 when the client waits") {
  auto handler = echo();
  const RunningServer server(handler);
  RawClient client(server.port());
  const auto go_on = client.ask(
      "POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  CHECK(go_on.status == 100);
  CHECK(client.ask("abc").body == "POST /x abc");
}

TEST_CASE("net/server: a handler's exception or bad header is a 500 that says nothing") {
  Answer handler([](const Request& request) -> Response {
    if (request.path == "/throw") throw std::runtime_error("the database password is x");
    auto response = test::text_response("inner");
    response.headers.emplace_back("X-User", "a\r\nSet-Cookie: b");
    return response;
  });
  const RunningServer server(handler);
  RawClient client(server.port());
  for (const std::string target : {"/throw", "/split"}) {
    const auto reply = client.ask("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reply.status == 500);
    CHECK(reply.body.empty());
    CHECK_FALSE(reply.has("Set-Cookie"));
  }
}

TEST_CASE("net/server: the handler knows the peer") {
  Answer handler(
      [](const Request& request) { return test::text_response(std::string(request.peer)); });
  const RunningServer server(handler);
  RawClient client(server.port());
  CHECK(client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body.starts_with("127.0.0.1:"));
}

TEST_CASE("net/server: a large body reaches a client that reads slowly") {
  const auto body = std::make_shared<const std::string>(8 << 20, 'z');
  Answer handler([&](const Request&) { return Response{.body = body}; });
  const RunningServer server(handler);
  RawClient client(server.port());
  CHECK(client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body == *body);
  CHECK(client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body.size() == body->size());
}

TEST_CASE("net/server: a thousand connections at once are all served") {
  auto handler = echo();
  const RunningServer server(handler);
  std::vector<RawClient> clients;
  for (int i = 0; i < 1000; ++i)
    clients.emplace_back(server.port());
  int served = 0;
  for (int round = 0; round < 2; ++round) {
    for (auto& client : clients)
      client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
    for (auto& client : clients)
      served += client.response().body == "GET /x " ? 1 : 0;
  }
  CHECK(served == 2000);
}

TEST_CASE("net/server: a port that is listened on is refused, be it by one of ours") {
  auto handler = echo();
  for (const unsigned threads : {1U, 2U}) {
    const RunningServer first(handler, {.threads = threads});
    const auto second = Server::open({.port = first.port(), .threads = 2}, handler);
    REQUIRE_FALSE(second);
    CHECK(second.error().message.find("Address already in use") != std::string::npos);
    CHECK(second.error().hint.find("another process listens there") != std::string::npos);
  }
}

TEST_CASE("net/server: an address that is not a literal is refused") {
  auto handler = echo();
  const auto server = Server::open({.address = "localhost"}, handler);
  REQUIRE_FALSE(server);
  CHECK(server.error().message == "`localhost` is not an IP address");
}

}  // namespace mcpauth::net
