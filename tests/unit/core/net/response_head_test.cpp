#include "core/net/response_head.hpp"

#include <doctest/doctest.h>

namespace mcpauth::net {
namespace {

constexpr std::string_view kDate = "Date: then\r\n";

std::string head_of(const Response& response, Persistence persistence = Persistence::keep) {
  std::string out = "left over";
  return write_head(out, response, kDate, persistence) ? out : "refused";
}

}  // namespace

TEST_CASE("net/response_head: dates are as RFC 9110 gives them") {
  CHECK(date_line(Instant{std::chrono::seconds(784111777)}) ==
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  CHECK(date_line(Instant{std::chrono::seconds(1709164800)}) ==
        "Date: Thu, 29 Feb 2024 00:00:00 GMT\r\n");
}

TEST_CASE("net/response_head: a head has status, date, own headers and the length") {
  Response response{.status = 404};
  response.lines = header_lines({{"Cache-Control", "no-store"}});
  response.headers = {{"X-A", "b"}};
  response.body = std::make_shared<const std::string>("gone");
  CHECK(head_of(response, Persistence::close) ==
        "HTTP/1.1 404 Not Found\r\nDate: then\r\nCache-Control: no-store\r\nX-A: b\r\n"
        "Content-Length: 4\r\nConnection: close\r\n\r\n");
  CHECK(head_of({}) == "HTTP/1.1 200 OK\r\nDate: then\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("net/response_head: 204 and 304 have neither body nor length") {
  const Response response{.status = 304, .body = std::make_shared<const std::string>("x")};
  CHECK(head_of(response) == "HTTP/1.1 304 Not Modified\r\nDate: then\r\n\r\n");
  CHECK_FALSE(may_have_body(204));
  CHECK_FALSE(may_have_body(304));
  CHECK(may_have_body(200));
}

TEST_CASE("net/response_head: text from outside cannot split a response") {
  for (const Headers& headers :
       {Headers{{"X-A", "b\r\nSet-Cookie: c"}}, Headers{{"X-A", std::string("b\0", 2)}},
        Headers{{"X-A\r\nB", "c"}}, Headers{{"", "c"}}, Headers{{"X A", "c"}},
        Headers{{"X-A", "\x7f"}}}) {
    CAPTURE(headers[0].first);
    CHECK(head_of({.headers = headers}) == "refused");
  }
}

TEST_CASE("net/response_head: the headers that are the server's cannot be set twice") {
  for (const std::string name : {"Content-Length", "DATE", "connection", "Transfer-Encoding"}) {
    CAPTURE(name);
    CHECK(head_of({.headers = {{name, "1"}}}) == "refused");
  }
  CHECK(head_of({.status = 99}) == "refused");
  CHECK(head_of({.status = 600}) == "refused");
}

}  // namespace mcpauth::net
