#include "core/net/request_reader.hpp"

#include <algorithm>
#include <cstring>

#include <doctest/doctest.h>

namespace mcpauth::net {
namespace {

using Step = RequestReader::Step;

/// Feeds bytes in pieces of at most `piece` until the reader wants no more.
Step feed(RequestReader& reader, std::string_view& bytes, std::size_t piece = 1 << 20) {
  Step step = reader.advance();
  while (step == Step::need_more && !bytes.empty()) {
    const auto space = reader.space();
    const auto count = std::min({space.size(), bytes.size(), piece});
    REQUIRE(count > 0);
    std::memcpy(space.data(), bytes.data(), count);
    reader.commit(count);
    bytes.remove_prefix(count);
    step = reader.advance();
  }
  return step;
}

/// The fault of one request, as "400 text", or what else became of it.
std::string verdict(std::string_view bytes, const Limits& limits = {},
                    std::size_t piece = 1 << 20) {
  RequestReader reader(limits);
  switch (feed(reader, bytes, piece)) {
    case Step::need_more:
      return "need more";
    case Step::want_continue:
      return "want continue";
    case Step::complete:
      return "complete";
    case Step::bad:
      break;
  }
  return std::to_string(reader.fault().status) + " " + std::string(reader.fault().text);
}

struct Case {
  std::string_view bytes;
  std::string_view verdict;
};

constexpr std::string_view kNoHost = "400 not one Host header";
constexpr std::string_view kNoPath = "400 the target is not a path";
constexpr std::string_view kTwoLengths = "400 the body has two lengths";
constexpr std::string_view kBadValue =
    "400 Host, Content-Length or Transfer-Encoding has a bad value";
constexpr std::string_view kBadHead = "400 the request line or a header is bad";
constexpr std::string_view kBadChunk = "400 a chunk of the body is bad";

void check_all(std::span<const Case> cases) {
  for (const auto& one : cases) {
    CAPTURE(one.bytes);
    CHECK(verdict(one.bytes) == one.verdict);
    CHECK(verdict(one.bytes, {}, 1) == one.verdict);
  }
}

}  // namespace

TEST_CASE("net/request_reader: a request is taken apart, in one piece or byte by byte") {
  constexpr std::string_view kText =
      "POST /a/b?c=d&e HTTP/1.1\r\nHost: h:80\r\nX-One:  1 \r\nContent-Length: 4\r\n\r\nbody";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, kText.size()}) {
    CAPTURE(piece);
    const Limits limits;
    RequestReader reader(limits);
    auto bytes = kText;
    REQUIRE(feed(reader, bytes, piece) == Step::complete);
    const auto& request = reader.request();
    CHECK(request.method == "POST");
    CHECK(request.target == "/a/b?c=d&e");
    CHECK(request.path == "/a/b");
    CHECK(request.query == "c=d&e");
    CHECK(request.headers.size() == 3);
    CHECK(request.header("x-ONE") == "1");
    CHECK(request.header("absent").empty());
    CHECK(request.body == "body");
    CHECK(reader.keep_alive());
  }
}

TEST_CASE("net/request_reader: what follows a request is the next request") {
  const Limits limits;
  RequestReader reader(limits);
  std::string_view bytes =
      "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nxx"
      "\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nyy\r\n0\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: h\r\n\r\n";
  for (const std::string_view expected : {"/1 xx", "/2 yy", "/3 "}) {
    REQUIRE(feed(reader, bytes) == Step::complete);
    CHECK(std::string(reader.request().target) + " " + std::string(reader.request().body) ==
          expected);
    reader.next();
  }
  CHECK_FALSE(reader.has_bytes());
}

TEST_CASE("net/request_reader: request smuggling by two lengths is refused") {
  constexpr std::array kCases = {
      Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
           kBadHead},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
           kBadHead},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
           kBadHead},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
           kTwoLengths},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n", kBadValue},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n", kBadHead},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", kBadHead},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\n", kBadHead},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", kBadHead},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", kBadHead},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 1\r\n\r\n", kBadHead},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", kBadValue},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", kBadValue},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n", kBadValue},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", kBadValue},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n", kBadHead},
      Case{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
           "Transfer-Encoding: chunked\r\n\r\n",
           kBadHead},
      Case{"POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
           "400 HTTP/1.0 has no Transfer-Encoding"},
  };
  check_all(kCases);
}

TEST_CASE("net/request_reader: a bad line, folded header or control character is refused") {
  using namespace std::string_view_literals;
  constexpr std::array kCases = {
      Case{"GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", "400 a folded header"},
      Case{"GET / HTTP/1.1\r\n Host: h\r\n\r\n", "400 a folded header"},
      Case{"GET / HTTP/1.1\nHost: h\n\n", "400 a bare line feed"},
      Case{"GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", "400 a bare carriage return"},
      Case{"GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n"sv, "400 a control character"},
      Case{"GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n", "400 a control character"},
      Case{"GET / HTTP/1.1\r\nHost: h\r\nX: \x7f\r\n\r\n", "400 a control character"},
      Case{"\x16\x03\x01\x02", "400 a control character"},
      Case{"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", kBadHead},
      Case{"GET /\r\n\r\n", kBadHead},
      Case{"GET / HTTP/1.1 \r\nHost: h\r\n\r\n", "505 the HTTP version is not supported"},
      Case{"GET / HTTP/1.1\r\nHost h\r\n\r\n", kBadHead},
      Case{"GET / HTTP/1.1\r\nHost: h\r\nX y: z\r\n\r\n", kBadHead},
      Case{"GET / HTTP/1.1\r\nHost: h\r\n: z\r\n\r\n", kBadHead},
      Case{"G@T / HTTP/1.1\r\nHost: h\r\n\r\n", kBadHead},
      Case{"GET / http/1.1\r\nHost: h\r\n\r\n", "505 the HTTP version is not supported"},
      Case{"GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505 the HTTP version is not supported"},
      Case{"PRI * HTTP/2.0\r\n\r\n", "505 the HTTP version is not supported"},
      Case{"GET / HTTP/0.9\r\nHost: h\r\n\r\n", "505 the HTTP version is not supported"},
  };
  check_all(kCases);
}

TEST_CASE("net/request_reader: one Host that is a host, and a target that is a path") {
  constexpr std::array kCases = {
      Case{"GET / HTTP/1.1\r\n\r\n", kNoHost},
      Case{"GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", kNoHost},
      Case{"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", kNoHost},
      Case{"GET / HTTP/1.1\r\nHost:\r\n\r\n", kBadValue},
      Case{"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", kBadValue},
      Case{"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", kBadValue},
      Case{"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", kBadValue},
      Case{"GET http:///a HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"GET http://u@h/a HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"GET http://h?q HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"GET http://h/a#b HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"GET ftp://h/a HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"GET http HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"GET http://h/ HTTP/1.1\r\n\r\n", kNoHost},
      Case{"GET http://h/ HTTP/1.1\r\nHost: a/b\r\n\r\n", kBadValue},
      Case{"CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"GET a HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"GET /a\\b HTTP/1.1\r\nHost: h\r\n\r\n", kNoPath},
      Case{"GET / HTTP/1.0\r\n\r\n", "complete"},
      Case{"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "complete"},
      Case{"BREW / HTTP/1.1\r\nHost: h\r\n\r\n", "complete"},
  };
  check_all(kCases);
}

TEST_CASE("net/request_reader: a target in absolute form is taken for its path") {
  const struct {
    std::string_view target, path, query;
  } cases[] = {
      {"http://h/a/b?c=d", "/a/b", "c=d"},
      {"HTTPS://[::1]:8443/a", "/a", ""},
      {"http://h:80", "/", ""},
      {"http://h//a", "//a", ""},
      {"/http://h/a", "/http://h/a", ""},
  };
  for (const auto& one : cases) {
    CAPTURE(one.target);
    const std::string bytes = "GET " + std::string(one.target) + " HTTP/1.1\r\nHost: other\r\n\r\n";
    std::string_view left = bytes;
    const Limits limits;
    RequestReader reader(limits);
    REQUIRE(feed(reader, left) == Step::complete);
    CHECK(reader.request().path == one.path);
    CHECK(reader.request().query == one.query);
  }
}

TEST_CASE("net/request_reader: a target of bytes beyond ASCII is refused") {
  CHECK(verdict("GET /\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n").starts_with("400 "));
}

TEST_CASE("net/request_reader: a head over the limit is refused, however it comes") {
  const Limits limits{.header_bytes = 200};
  const std::string fits = "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(168, 'a') + "\r\n\r\n";
  REQUIRE(fits.size() == 200);
  const std::string over = "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(169, 'a') + "\r\n\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}}) {
    CHECK(verdict(fits, limits, piece) == "complete");
    CHECK(verdict(over, limits, piece) == "431 the headers are too long");
    CHECK(verdict(std::string(300, 'a'), limits, piece) == "431 the headers are too long");
  }
  const Limits large{.header_bytes = 16 * 1024};
  CHECK(verdict("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(16'000, 'a') + "\r\n\r\n",
                large) == "complete");
}

TEST_CASE("net/request_reader: a body over the limit is refused before it is read") {
  const Limits limits{.body_bytes = 10};
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
  CHECK(verdict(head + "Content-Length: 10\r\n\r\n0123456789", limits) == "complete");
  CHECK(verdict(head + "Content-Length: 11\r\n\r\n", limits) == "413 the body is too long");
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(verdict(chunked + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", limits) == "complete");
  CHECK(verdict(chunked + "5\r\n01234\r\n6\r\n567890", limits) == "413 the body is too long");
  CHECK(verdict(chunked + "ffffffffffffffff\r\n", limits) == "413 the body is too long");
}

TEST_CASE("net/request_reader: chunks are strict and trailers count for nothing") {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
    CAPTURE(piece);
    CHECK(verdict(head + "0\r\n\r\n", {}, piece) == "complete");
    CHECK(verdict(head + "3;a=b\r\nabc\r\n0\r\n\r\n", {}, piece) == "complete");
    CHECK(verdict(head + "x\r\nabc\r\n", {}, piece) == kBadChunk);
    CHECK(verdict(head + "-1\r\nabc\r\n", {}, piece) == kBadChunk);
    CHECK(verdict(head + "3\r\nabcXY0\r\n\r\n", {}, piece) == kBadChunk);
    CHECK(verdict(head + "3;" + std::string(20'000, 'a') + "\r\n", {}, piece).starts_with("400 "));
  }
  const Limits limits;
  RequestReader reader(limits);
  const std::string with_trailer = head + "1\r\na\r\n0\r\nAuthorization: Bearer x\r\n\r\n";
  std::string_view bytes = with_trailer;
  REQUIRE(feed(reader, bytes) == Step::complete);
  CHECK(reader.request().header("Authorization").empty());
  CHECK(reader.request().body == "a");
}

TEST_CASE("net/request_reader: 100-continue is wanted once, and nothing else can be expected") {
  const Limits limits;
  RequestReader reader(limits);
  std::string_view bytes =
      "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n";
  REQUIRE(feed(reader, bytes) == Step::want_continue);
  REQUIRE(reader.advance() == Step::need_more);
  bytes = "x";
  CHECK(feed(reader, bytes) == Step::complete);
  CHECK(verdict("POST / HTTP/1.1\r\nHost: h\r\nExpect: pie\r\nContent-Length: 1\r\n\r\n") ==
        "417 only 100-continue can be expected");
}

TEST_CASE("net/request_reader: the connection goes on only where both sides say so") {
  const auto keeps = [](std::string_view bytes) {
    const Limits limits;
    RequestReader reader(limits);
    REQUIRE(feed(reader, bytes) == Step::complete);
    return reader.keep_alive();
  };
  CHECK(keeps("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  CHECK(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

}  // namespace mcpauth::net
