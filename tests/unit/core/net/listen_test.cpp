#include <doctest/doctest.h>

#include "core/net/server.hpp"

namespace mcpauth::net {

using Listen = std::pair<std::string, std::uint16_t>;

TEST_CASE("net/listen: an address literal and a port are taken apart") {
  CHECK(*parse_listen("127.0.0.1:8700") == Listen("127.0.0.1", 8700));
  CHECK(*parse_listen("[::1]:80") == Listen("::1", 80));
  CHECK(*parse_listen("0.0.0.0:0") == Listen("0.0.0.0", 0));
  CHECK(*parse_listen(":65535") == Listen("127.0.0.1", 65535));
}

TEST_CASE("net/listen: a name, a missing port and anything that could be read twice is refused") {
  for (const std::string_view text :
       {"", ":", "8700", "localhost:8700", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:+80", "127.0.0.1:80 ", "127.0.0.1:0x50", "::1:8700", "[::1]", "[127.0.0.1]:80",
        "[fe80::1%eth0]:80", "127.1:80", "0177.0.0.1:80", "[]:80", "http://127.0.0.1:80"}) {
    CAPTURE(text);
    const auto parsed = parse_listen(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Errc::usage);
    CHECK(parsed.error().message.starts_with("`" + std::string(text) + "` is not an address"));
    CHECK_FALSE(parsed.error().hint.empty());
  }
}

}  // namespace mcpauth::net
