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

std::string_view judged(const std::string& text, const Reach& reach) {
  return forbidden(as_sockaddr(address(text)), reach);
}

Network network(const std::string& cidr) {
  auto parsed = Network::parse(cidr);
  REQUIRE_MESSAGE(parsed, cidr);
  return *parsed;
}

/// What a network was refused for, as "message | hint"; empty when it was not.
std::string complaint(const std::string& cidr) {
  const auto parsed = Network::parse(cidr);
  if (parsed) return {};
  return parsed.error().message + " | " + parsed.error().hint;
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
    {"168.63.129.16 (cloud metadata)", "168.63.129.16", "168.63.129.16"},
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
    {"fd00:ec2::/32 (cloud metadata)", "fd00:ec2::", "fd00:ec2::254"},
    {"fd20:ce::254 (cloud metadata)", "fd20:ce::254", "fd20:ce::254"},
    {"fd00:c1::a9fe:a9fe (cloud metadata)", "fd00:c1::a9fe:a9fe", "fd00:c1::a9fe:a9fe"},
    {"fd00:42::42 (cloud metadata)", "fd00:42::42", "fd00:42::42"},
    {"fd00:100::100:200 (cloud metadata)", "fd00:100::100:200", "fd00:100::100:200"},
    {"fd00:a9fe:a9fe::/48 (cloud metadata)", "fd00:a9fe:a9fe::1", "fd00:a9fe:a9fe::1"},
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

// Every private network that there is, as wide as it may be listed.
Reach everything_listed() {
  Reach reach;
  for (const auto* cidr : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
                           "fc00::/16", "fd00::/16", "fd20::/16", "fdff::/16"})
    reach.networks.push_back(network(cidr));
  return reach;
}

TEST_CASE("http/address_guard: a listed network opens its own addresses and no others") {
  struct {
    std::string cidr, first, last, before, after;
  } const rows[] = {
      {"10.1.0.0/16", "10.1.0.0", "10.1.255.255", "10.0.255.255", "10.2.0.0"},
      {"10.0.0.0/8", "10.0.0.0", "10.255.255.255", "192.168.0.1", "172.16.0.1"},
      {"172.16.0.0/12", "172.16.0.0", "172.31.255.255", "10.0.0.1", "192.168.0.1"},
      {"192.168.7.128/25", "192.168.7.128", "192.168.7.255", "192.168.7.127", "192.168.8.0"},
      {"100.64.0.0/10", "100.64.0.0", "100.127.255.255", "10.0.0.1", "172.16.0.1"},
      {"10.1.2.3/32", "10.1.2.3", "::ffff:10.1.2.3", "10.1.2.2", "10.1.2.4"},
      {"fd12:3456::/33", "fd12:3456::", "fd12:3456:7fff:ffff::1",
       "fd12:3455:ffff::", "fd12:3456:8000::"},
      {"fd12::1/128", "fd12::1", "fd12::1", "fd12::", "fd12::2"},
      {"fc00::/16", "fc00::", "fc00:ffff::1", "fd00::1", "fc01::"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.cidr);
    const Reach reach{.networks = {network(row.cidr)}};
    CHECK(judged(row.first, reach) == "");
    CHECK(judged(row.last, reach) == "");
    CHECK(judged(row.before, reach) != "");
    CHECK(judged(row.after, reach) != "");
    CHECK(judged(row.first, Reach::internet) != "");
    CHECK(judged(row.first, Reach::loopback_too) != "");
    CHECK(judged("8.8.8.8", reach) == "");
  }
}

TEST_CASE("http/address_guard: whatever is listed, what is not private stays closed") {
  const auto listed_all = everything_listed();
  for (const auto& row : kForbidden) {
    CAPTURE(row.first);
    const bool is_private = row.name.ends_with("(private)") ||
                            row.name.ends_with("(carrier-grade NAT)") ||
                            row.name.ends_with("(unique local)");
    const bool listed = is_private && !row.first.starts_with("64:");
    for (const auto& address_text : {row.first, row.last}) {
      CAPTURE(address_text);
      CHECK(judged(address_text, listed_all) == (listed ? "" : row.name));
      CHECK(may_be_listed(as_sockaddr(address(address_text))) == listed);
    }
  }
  // The same as IPv4 in IPv6.
  CHECK(judged("::ffff:10.1.2.3", listed_all) == "");
  CHECK(judged("::ffff:100.100.100.200", listed_all) != "");
  CHECK(judged("::ffff:127.0.0.1", listed_all) != "");
  CHECK(judged("64:ff9b::10.1.2.3", listed_all) == "10.0.0.0/8 (private)");
  CHECK(judged("::10.1.2.3", listed_all) != "");
  CHECK(judged("2002:a01:203::", listed_all) != "");
}

TEST_CASE("http/address_guard: loopback and a network are opened together, each by its own") {
  const Reach both{.loopback = true, .networks = {network("10.1.0.0/16")}};
  CHECK(judged("127.0.0.1", both) == "");
  CHECK(judged("10.1.2.3", both) == "");
  CHECK(judged("10.2.0.1", both) != "");
  CHECK(judged("169.254.169.254", both) != "");
  CHECK(both != Reach::loopback_too);
  CHECK(both != Reach{.loopback = true, .networks = {network("10.1.0.0/17")}});
  CHECK(both == Reach{.loopback = true, .networks = {network("10.1.0.0/16")}});
}

TEST_CASE("http/network: only a private network can be one, and not a whole world of them") {
  for (const auto* cidr : {"0.0.0.0/0", "10.0.0.0/7", "0.0.0.0/7", "128.0.0.0/1"})
    CHECK_MESSAGE(complaint(cidr).starts_with("it is wider than a /8 | a network this wide"), cidr);
  for (const auto* cidr : {"::/0", "fc00::/7", "fd00::/8", "fd00::/15", "2000::/3"})
    CHECK_MESSAGE(complaint(cidr).starts_with("it is wider than a /16 | a network this wide"),
                  cidr);
  for (const auto* cidr : {"8.8.8.0/24", "11.0.0.0/8", "172.0.0.0/8", "172.32.0.0/12",
                           "2001:4860::/32", "2600::/16", "9.0.0.0/8"}) {
    CHECK_MESSAGE(complaint(cidr).starts_with("it is not within a private network | public"), cidr);
  }
  struct {
    std::string cidr, says;
  } const rows[] = {
      {"127.0.0.0/8", "it is in 127.0.0.0/8 (loopback) | only private networks"},
      {"127.0.0.1/32", "it is in 127.0.0.0/8 (loopback)"},
      {"::1/128", "it is in ::1 (loopback)"},
      {"169.254.0.0/16", "it is in 169.254.0.0/16 (link-local, cloud metadata)"},
      {"169.254.169.254/32", "it is in 169.254.0.0/16 (link-local, cloud metadata)"},
      {"100.100.100.200/32", "it is in 100.100.100.200 (cloud metadata)"},
      {"168.63.129.16/32", "it is in 168.63.129.16 (cloud metadata)"},
      {"fd00:ec2::/32", "it is in fd00:ec2::/32 (cloud metadata)"},
      {"fd00:ec2::254/128", "it is in fd00:ec2::/32 (cloud metadata)"},
      {"fe80::/10", "it is wider than a /16"},
      {"fe80::/64", "it is in fe80::/10 (link-local)"},
      {"fec0::/16", "it is in fec0::/10 (site-local)"},
      {"0.0.0.0/8", "it is in 0.0.0.0/8 (this network)"},
      {"224.0.0.0/8", "it is in 224.0.0.0/4 (multicast)"},
      {"198.18.0.0/15", "it is in 198.18.0.0/15 (benchmarking)"},
      {"2001:db8::/32", "it is in 2001:db8::/32 (documentation)"},
      {"64:ff9b::/96", "it is in 0.0.0.0/8 (this network)"},
      {"64:ff9b::a00:0/104", "it is in 10.0.0.0/8 (private)"},
      {"192.168.0.0/15", "it reaches beyond 192.168.0.0/16 (private)"},
      {"100.64.0.0/9", "it has bits set after the first 9 | write `100.0.0.0/9`"},
      {"::ffff:10.1.0.0/112", "it is IPv4 inside IPv6 | write it as IPv4"},
      {"::ffff:0:0/96", "it is IPv4 inside IPv6"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.cidr);
    CHECK(complaint(row.cidr).substr(0, row.says.size()) == row.says);
  }
}

TEST_CASE("http/network: CIDR is read strictly") {
  CHECK(complaint("10.1.2.3/16") ==
        "it has bits set after the first 16 | write `10.1.0.0/16`, or for this address alone "
        "`10.1.2.3/32`");
  CHECK(complaint("fd12:3456::1/48") ==
        "it has bits set after the first 48 | write `fd12:3456::/48`, or for this address alone "
        "`fd12:3456::1/128`");
  CHECK(complaint("10.0.0.1/31").starts_with("it has bits set after the first 31"));
  CHECK(complaint("10.1.2.3") == "it has no length | for this address alone write `10.1.2.3/32`");
  CHECK(complaint("fd12::1") == "it has no length | for this address alone write `fd12::1/128`");
  for (const auto* cidr : {"10.1.0.0/", "10.1.0.0/33", "10.1.0.0/016", "10.1.0.0/+16",
                           "10.1.0.0/-1", "10.1.0.0/16 ", "10.1.0.0/ 16", "10.1.0.0/16/16",
                           "10.1.0.0/0x10", "10.1.0.0/99999999999", "10.1.0.0/255.255.0.0"}) {
    CHECK_MESSAGE(complaint(cidr).starts_with("its length is not a number up to 32 | "), cidr);
  }
  CHECK(complaint("fd12::/129").starts_with("its length is not a number up to 128 | "));
  for (const auto* cidr :
       {"", "/", "/16", "10.1/16", "10.1.0/16", "010.1.0.0/16", "10.1.0.0.0/16", "0x0a.1.0.0/16",
        "167837696/16", " 10.1.0.0/16", "10.1.0.0 /16", "fd12::%eth0/64", "[fd12::]/64",
        "fd12:::/64", "sso.acme.example/16", "10.1.*.*/16"}) {
    CHECK_MESSAGE(complaint(cidr).starts_with("its address is neither IPv4 nor IPv6 | "), cidr);
  }
  CHECK(complaint(std::string("10.1.0.0\0.evil/16", 18)).starts_with("its address is neither"));
  CHECK(complaint(std::string("10.1.0.0/16\0", 12)).starts_with("its length is not a number"));
  CHECK(network("FD12:3456:0:0::/48") == network("fd12:3456::/48"));
  CHECK(network("10.1.0.0/16") != network("10.1.0.0/17"));
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
