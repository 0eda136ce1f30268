#include "core/http/head.hpp"

#include <doctest/doctest.h>

#include "core/http/client.hpp"

namespace mcpauth::http {

TEST_CASE("http/head: names are lowered, values trimmed, order kept") {
  HeadReader head;
  for (const auto* line : {"HTTP/1.1 200 OK\r\n", "ETag:  \"x\" \r\n", "X-A: b: c\r\n", "\r\n"})
    CHECK(head.add(line));
  Response response{.headers = head.take_headers()};
  CHECK(response.headers.size() == 2);
  CHECK(response.header("etag") == "\"x\"");
  CHECK(response.header("x-a") == "b: c");
  CHECK(response.header("absent").empty());
}

TEST_CASE("http/head: headers of interim answers and trailers are not the answer's") {
  HeadReader head;
  for (const auto* line : {"HTTP/1.1 103 Early\r\n", "Cache-Control: max-age=9\r\n", "\r\n",
                           "HTTP/1.1 200 OK\r\n", "A: 1\r\n", "\r\n"})
    CHECK(head.add(line));
  head.body_begins();
  CHECK(head.add("Cache-Control: max-age=9\r\n"));
  CHECK(head.add("HTTP/1.1: x\r\n"));
  CHECK(Response{.headers = head.take_headers()}.header("cache-control").empty());
}

TEST_CASE("http/head: bounds hold over interim answers and trailers too") {
  HeadReader many;
  for (std::size_t i = 0; i < HeadReader::kMaxHeaders; ++i)
    CHECK(many.add("a: b\r\n"));
  CHECK(!many.add("a: b\r\n"));
  CHECK(many.problem() == "more than 100 headers");

  const std::string long_line = "HTTP/1.1 100 " + std::string(1000, 'x');
  for (const bool in_body : {false, true}) {
    HeadReader endless;
    if (in_body) endless.body_begins();
    int lines = 0;
    while (lines < 1000 && endless.add(long_line))
      ++lines;
    CHECK(lines == 64);
    CHECK(endless.problem() == "headers over 64 KiB");
  }
}

TEST_CASE("http/head: a line that is not a header is refused") {
  for (const auto* line : {"no colon\r\n", " folded: x\r\n", ": no name\r\n", "a b: c\r\n"}) {
    CAPTURE(line);
    HeadReader head;
    CHECK(!head.add(line));
    CHECK(head.problem() == "a malformed header");
  }
}

TEST_CASE("http/head: a header that could split the request is not sendable") {
  using namespace std::string_view_literals;
  CHECK(is_sendable_header("Authorization", "Bearer a.b-c_d"));
  for (const auto value : {"a\r\nX: y"sv, "a\n"sv, "a\0b"sv, ""sv, " "sv, "\x7f"sv, "\xc3\xbc"sv}) {
    CAPTURE(value);
    CHECK(!is_sendable_header("a", value));
  }
  for (const auto name : {""sv, "a b"sv, "a:"sv, "a\r\n"sv, "\0"sv}) {
    CAPTURE(name);
    CHECK(!is_sendable_header(name, "x"));
  }
}

}  // namespace mcpauth::http
