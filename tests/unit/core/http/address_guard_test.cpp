#include "core/http/address_guard.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>

#include <doctest/doctest.h>

namespace mcpauth::http {
namespace {

sockaddr_storage address(const std::string& text) {
  sockaddr_storage out{};
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    std::memcpy(&out, &v4, sizeof v4);
  } else {
    REQUIRE(::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1);
    v6.sin6_family = AF_INET6;
    std::memcpy(&out, &v6, sizeof v6);
  }
  return out;
}

const sockaddr& as_sockaddr(const sockaddr_storage& storage) {
  return reinterpret_cast<const sockaddr&>(storage);
}

std::string_view range(const std::string& text) {
  return special_range(as_sockaddr(address(text)));
}

std::string_view judged(const std::string& text, Reach reach) {
  return forbidden(as_sockaddr(address(text)), reach);
}

struct Row {
  std::string name, first, last;
};

const Row kForbidden[] = {
    {"0.0.0.0/8 (this network)", "0.0.0.0", "0.255.255.255"},
    {"10.0.0.0/8 (private)", "10.0.0.0", "10.255.255.255"},
    {"100.64.0.0/10 (carrier-grade NAT)", "100.64.0.0", "100.127.255.255"},
    {"100.100.100.200 (cloud metadata)", "100.100.100.200", "100.100.100.200"},
    {"127.0.0.0/8 (loopback)", "127.0.0.0", "127.255.255.255"},
    {"169.254.0.0/16 (link-local, cloud metadata)", "169.254.0.0", "169.254.255.255"},
    {"169.254.0.0/16 (link-local, cloud metadata)", "169.254.169.254", "169.254.170.2"},
    {"172.16.0.0/12 (private)", "172.16.0.0", "172.31.255.255"},
    {"192.0.0.0/24 (IETF protocols)", "192.0.0.0", "192.0.0.255"},
    {"192.0.2.0/24 (documentation)", "192.0.2.0", "192.0.2.255"},
    {"192.88.99.0/24 (6to4 relay)", "192.88.99.0", "192.88.99.255"},
    {"192.168.0.0/16 (private)", "192.168.0.0", "192.168.255.255"},
    {"198.18.0.0/15 (benchmarking)", "198.18.0.0", "198.19.255.255"},
    {"198.51.100.0/24 (documentation)", "198.51.100.0", "198.51.100.255"},
    {"203.0.113.0/24 (documentation)", "203.0.113.0", "203.0.113.255"},
    {"224.0.0.0/4 (multicast)", "224.0.0.0", "239.255.255.255"},
    {"240.0.0.0/4 (reserved)", "240.0.0.0", "255.255.255.254"},
    {"255.255.255.255 (broadcast)", "255.255.255.255", "255.255.255.255"},
    {":: (unspecified)", "::", "::"},
    {"::1 (loopback)", "::1", "::1"},
    {"::/96 (IPv4-compatible)", "::2", "::ffff:ffff"},
    {"::/96 (IPv4-compatible)", "::127.0.0.1", "::8.8.8.8"},
    {"127.0.0.0/8 (loopback)", "::ffff:127.0.0.1", "::ffff:127.255.255.255"},
    {"169.254.0.0/16 (link-local, cloud metadata)", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe"},
    {"10.0.0.0/8 (private)", "64:ff9b::10.0.0.1", "64:ff9b::aff:ffff"},
    {"127.0.0.0/8 (loopback)", "64:ff9b::127.0.0.1", "64:ff9b::7f00:1"},
    {"64:ff9b:1::/48 (local NAT64)", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"},
    {"outside 2000::/3 (not global unicast)", "64:ff9b:0:0:0:1::", "64:ff9b:2::"},
    {"outside 2000::/3 (not global unicast)", "::ffff:0:0:0", "::fffe:8.8.8.8"},
    {"outside 2000::/3 (not global unicast)", "5f00::1", "4000::"},
    {"100::/64 (discard)", "100::", "100::ffff:ffff:ffff:ffff"},
    {"2001::/32 (Teredo)", "2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"2001::/23 (IETF protocols)", "2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"2001:db8::/32 (documentation)", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"2002::/16 (6to4)", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"2002::/16 (6to4)", "2002:7f00:1::", "2002:808:808::1"},
    {"3fff::/20 (documentation)", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fc00::/7 (unique local)", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fd00:ec2::254 (cloud metadata)", "fd00:ec2::254", "fd00:ec2::254"},
    {"fe80::/10 (link-local)", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fec0::/10 (site-local)", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"ff00::/8 (multicast)", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
};

}  // namespace

TEST_CASE("http/address_guard: the ends of every special range are in it") {
  for (const auto& row : kForbidden) {
    CAPTURE(row.first);
    CAPTURE(row.last);
    CHECK(range(row.first) == row.name);
    CHECK(range(row.last) == row.name);
    CHECK(judged(row.first, Reach::internet) == row.name);
  }
}

TEST_CASE("http/address_guard: the public neighbours of every special range are public") {
  for (const auto* text : {"1.0.0.0",         "9.255.255.255",   "11.0.0.0",
                           "100.63.255.255",  "100.128.0.0",     "126.255.255.255",
                           "128.0.0.0",       "169.253.255.255", "169.255.0.0",
                           "172.15.255.255",  "172.32.0.0",      "191.255.255.255",
                           "192.0.1.0",       "192.0.3.0",       "192.88.98.255",
                           "192.88.100.0",    "192.167.255.255", "192.169.0.0",
                           "198.17.255.255",  "198.20.0.0",      "198.51.99.255",
                           "198.51.101.0",    "203.0.112.255",   "203.0.114.0",
                           "223.255.255.255", "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8",
                           "2000::",          "2001:200::",      "2001:db7:ffff::",
                           "2001:db9::",      "2003::",          "2001:4860:4860::8888",
                           "3ffe:ffff::",     "3fff:1000::"}) {
    CAPTURE(text);
    CHECK(range(text) == "");
    CHECK(judged(text, Reach::internet) == "");
    CHECK(judged(text, Reach::loopback_too) == "");
  }
}

TEST_CASE("http/address_guard: loopback_too opens loopback and nothing else") {
  for (const auto* text : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    CAPTURE(text);
    CHECK(judged(text, Reach::loopback_too) == "");
    CHECK(judged(text, Reach::internet) != "");
  }
  for (const auto& row : kForbidden) {
    if (row.name.ends_with("(loopback)") && !row.first.starts_with("64:")) continue;
    CAPTURE(row.first);
    CHECK(judged(row.first, Reach::loopback_too) == row.name);
  }
}

TEST_CASE("http/address_guard: other families are never public") {
  sockaddr_storage unix_socket{};
  unix_socket.ss_family = AF_UNIX;
  CHECK(forbidden(as_sockaddr(unix_socket), Reach::loopback_too) == "neither IPv4 nor IPv6");
  CHECK(forbidden(as_sockaddr(sockaddr_storage{}), Reach::internet) == "neither IPv4 nor IPv6");
  CHECK(text(as_sockaddr(unix_socket)) == "an address of family 1");
}

TEST_CASE("http/address_guard: text of an address") {
  CHECK(text(as_sockaddr(address("10.1.2.3"))) == "10.1.2.3");
  CHECK(text(as_sockaddr(address("fd00:ec2::254"))) == "fd00:ec2::254");
}

}  // namespace mcpauth::http
