#include "core/http/address_guard.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace mcpauth::http {
namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

template <class Address>
struct Range {
  Address prefix;
  unsigned bits;
  std::string_view name;
};

constexpr std::string_view kLoopback4 = "127.0.0.0/8 (loopback)";
constexpr std::string_view kLoopback6 = "::1 (loopback)";

// IANA's special-purpose registries, and the metadata services of clouds. The first match names the
// range, so single addresses come before the ranges they are in.
constexpr auto kRanges4 = std::to_array<Range<V4>>({
    {{100, 100, 100, 200}, 32, "100.100.100.200 (cloud metadata)"},
    {{255, 255, 255, 255}, 32, "255.255.255.255 (broadcast)"},
    {{0, 0, 0, 0}, 8, "0.0.0.0/8 (this network)"},
    {{10, 0, 0, 0}, 8, "10.0.0.0/8 (private)"},
    {{100, 64, 0, 0}, 10, "100.64.0.0/10 (carrier-grade NAT)"},
    {{127, 0, 0, 0}, 8, kLoopback4},
    {{169, 254, 0, 0}, 16, "169.254.0.0/16 (link-local, cloud metadata)"},
    {{172, 16, 0, 0}, 12, "172.16.0.0/12 (private)"},
    {{192, 0, 0, 0}, 24, "192.0.0.0/24 (IETF protocols)"},
    {{192, 0, 2, 0}, 24, "192.0.2.0/24 (documentation)"},
    {{192, 88, 99, 0}, 24, "192.88.99.0/24 (6to4 relay)"},
    {{192, 168, 0, 0}, 16, "192.168.0.0/16 (private)"},
    {{198, 18, 0, 0}, 15, "198.18.0.0/15 (benchmarking)"},
    {{198, 51, 100, 0}, 24, "198.51.100.0/24 (documentation)"},
    {{203, 0, 113, 0}, 24, "203.0.113.0/24 (documentation)"},
    {{224, 0, 0, 0}, 4, "224.0.0.0/4 (multicast)"},
    {{240, 0, 0, 0}, 4, "240.0.0.0/4 (reserved)"},
});

constexpr auto kRanges6 = std::to_array<Range<V6>>({
    {{}, 128, ":: (unspecified)"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, kLoopback6},
    {{}, 96, "::/96 (IPv4-compatible)"},
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, "64:ff9b:1::/48 (local NAT64)"},
    {{0x01}, 64, "100::/64 (discard)"},
    {{0x20, 0x01}, 32, "2001::/32 (Teredo)"},
    {{0x20, 0x01}, 23, "2001::/23 (IETF protocols)"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "2001:db8::/32 (documentation)"},
    {{0x20, 0x02}, 16, "2002::/16 (6to4)"},
    {{0x3f, 0xff}, 20, "3fff::/20 (documentation)"},
    {{0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54},
     128,
     "fd00:ec2::254 (cloud metadata)"},
    {{0xfc}, 7, "fc00::/7 (unique local)"},
    {{0xfe, 0x80}, 10, "fe80::/10 (link-local)"},
    {{0xfe, 0xc0}, 10, "fec0::/10 (site-local)"},
    {{0xff}, 8, "ff00::/8 (multicast)"},
});

constexpr Range<V6> kGlobalUnicast{{0x20}, 3, "2000::/3"};
constexpr Range<V6> kMapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, "::ffff:0:0/96"};
constexpr Range<V6> kNat64{{0x00, 0x64, 0xff, 0x9b}, 96, "64:ff9b::/96"};

template <class Address>
bool holds(const Range<Address>& range, const Address& address) {
  const std::size_t whole = range.bits / 8;
  if (std::memcmp(range.prefix.data(), address.data(), whole) != 0) return false;
  if (range.bits % 8 == 0) return true;
  const unsigned mask = 0xffU << (8 - range.bits % 8);
  return ((unsigned{range.prefix[whole]} ^ address[whole]) & mask) == 0;
}

template <class Address, std::size_t n>
std::string_view range_of(const std::array<Range<Address>, n>& ranges, const Address& address) {
  for (const auto& range : ranges)
    if (holds(range, address)) return range.name;
  return {};
}

V4 v4_of(const sockaddr& address) {
  sockaddr_in in{};
  std::memcpy(&in, &address, sizeof in);
  V4 bytes{};
  std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
  return bytes;
}

V6 v6_of(const sockaddr& address) {
  sockaddr_in6 in{};
  std::memcpy(&in, &address, sizeof in);
  V6 bytes{};
  std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
  return bytes;
}

V4 last_four(const V6& address) {
  return {address[12], address[13], address[14], address[15]};
}

std::string_view special_range(const V6& address) {
  if (holds(kMapped, address) || holds(kNat64, address))
    return range_of(kRanges4, last_four(address));
  const auto name = range_of(kRanges6, address);
  if (!name.empty()) return name;
  return holds(kGlobalUnicast, address) ? "" : "outside 2000::/3 (not global unicast)";
}

}  // namespace

std::string_view special_range(const sockaddr& address) {
  if (address.sa_family == AF_INET) return range_of(kRanges4, v4_of(address));
  if (address.sa_family == AF_INET6) return special_range(v6_of(address));
  return "neither IPv4 nor IPv6";
}

bool is_loopback(const sockaddr& address) {
  if (address.sa_family == AF_INET6) {
    const auto v6 = v6_of(address);
    // Not through NAT64: its 127.0.0.0/8 would be the translator's own.
    return holds(kMapped, v6) ? last_four(v6)[0] == 127 : range_of(kRanges6, v6) == kLoopback6;
  }
  return address.sa_family == AF_INET && v4_of(address)[0] == 127;
}

std::string_view forbidden(const sockaddr& address, Reach reach) {
  if (reach == Reach::loopback_too && is_loopback(address)) return {};
  return special_range(address);
}

std::string text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (address.sa_family == AF_INET) {
    const auto bytes = v4_of(address);
    return ::inet_ntop(AF_INET, bytes.data(), out.data(), out.size());
  }
  if (address.sa_family == AF_INET6) {
    const auto bytes = v6_of(address);
    return ::inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
  }
  return "an address of family " + std::to_string(address.sa_family);
}

}  // namespace mcpauth::http
