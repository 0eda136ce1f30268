#include "core/http/address_guard.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/codec/format.hpp"
#include "core/codec/number.hpp"

namespace mcpauth::http {
namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

/// Whether the configuration may list a network within a range.
enum class Listing { never, allowed };

template <class Address>
struct Range {
  Address prefix;
  unsigned bits;
  std::string_view name;
  Listing listing = Listing::never;
};

constexpr std::string_view kLoopback4 = "127.0.0.0/8 (loopback)";
constexpr std::string_view kLoopback6 = "::1 (loopback)";

// IANA's special-purpose registries, and the metadata services of clouds. The first match decides.
// Single addresses come before the ranges that hold them, so that no listed network opens them.
constexpr auto kRanges4 = std::to_array<Range<V4>>({
    {{100, 100, 100, 200}, 32, "100.100.100.200 (cloud metadata)"},
    {{168, 63, 129, 16}, 32, "168.63.129.16 (cloud metadata)"},
    {{255, 255, 255, 255}, 32, "255.255.255.255 (broadcast)"},
    {{0, 0, 0, 0}, 8, "0.0.0.0/8 (this network)"},
    {{10, 0, 0, 0}, 8, "10.0.0.0/8 (private)", Listing::allowed},
    {{100, 64, 0, 0}, 10, "100.64.0.0/10 (carrier-grade NAT)", Listing::allowed},
    {{127, 0, 0, 0}, 8, kLoopback4},
    {{169, 254, 0, 0}, 16, "169.254.0.0/16 (link-local, cloud metadata)"},
    {{172, 16, 0, 0}, 12, "172.16.0.0/12 (private)", Listing::allowed},
    {{192, 0, 0, 0}, 24, "192.0.0.0/24 (IETF protocols)"},
    {{192, 0, 2, 0}, 24, "192.0.2.0/24 (documentation)"},
    {{192, 88, 99, 0}, 24, "192.88.99.0/24 (6to4 relay)"},
    {{192, 168, 0, 0}, 16, "192.168.0.0/16 (private)", Listing::allowed},
    {{198, 18, 0, 0}, 15, "198.18.0.0/15 (benchmarking)"},
    {{198, 51, 100, 0}, 24, "198.51.100.0/24 (documentation)"},
    {{203, 0, 113, 0}, 24, "203.0.113.0/24 (documentation)"},
    {{224, 0, 0, 0}, 4, "224.0.0.0/4 (multicast)"},
    {{240, 0, 0, 0}, 4, "240.0.0.0/4 (reserved)"},
});

/// An address whose bits are all in its first and last four bytes.
constexpr V6 ula(std::uint32_t first, std::uint32_t last) {
  V6 out{};
  for (unsigned i = 0; i < 4; ++i) {
    out[i] = static_cast<std::uint8_t>(first >> (24 - 8 * i));
    out[12 + i] = static_cast<std::uint8_t>(last >> (24 - 8 * i));
  }
  return out;
}

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
    {{0xfd, 0, 0x0e, 0xc2}, 32, "fd00:ec2::/32 (cloud metadata)"},
    {ula(0xfd20'00ce, 0x0254), 128, "fd20:ce::254 (cloud metadata)"},
    {ula(0xfd00'00c1, 0xa9fe'a9fe), 128, "fd00:c1::a9fe:a9fe (cloud metadata)"},
    {ula(0xfd00'0042, 0x0042), 128, "fd00:42::42 (cloud metadata)"},
    {ula(0xfd00'0100, 0x0100'0200), 128, "fd00:100::100:200 (cloud metadata)"},
    {{0xfd, 0, 0xa9, 0xfe, 0xa9, 0xfe}, 48, "fd00:a9fe:a9fe::/48 (cloud metadata)"},
    {{0xfc}, 7, "fc00::/7 (unique local)", Listing::allowed},
    {{0xfe, 0x80}, 10, "fe80::/10 (link-local)"},
    {{0xfe, 0xc0}, 10, "fec0::/10 (site-local)"},
    {{0xff}, 8, "ff00::/8 (multicast)"},
});

constexpr Range<V6> kGlobalUnicast{{0x20}, 3, "2000::/3"};
constexpr Range<V6> kMapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, "::ffff:0:0/96"};
constexpr Range<V6> kNat64{{0x00, 0x64, 0xff, 0x9b}, 96, "64:ff9b::/96"};

template <std::size_t n>
bool same_prefix(const std::array<std::uint8_t, n>& one, const std::array<std::uint8_t, n>& other,
                 unsigned bits) {
  const std::size_t whole = bits / 8;
  if (std::memcmp(one.data(), other.data(), whole) != 0) return false;
  if (bits % 8 == 0) return true;
  const unsigned mask = 0xffU << (8 - bits % 8);
  return ((unsigned{one[whole]} ^ other[whole]) & mask) == 0;
}

template <class Address>
bool holds(const Range<Address>& range, const Address& address) {
  return same_prefix(range.prefix, address, range.bits);
}

/// What is special about an address; all empty for a public one.
struct Special {
  std::string_view name = {};
  unsigned bits = 0;  ///< of the range
  Listing listing = Listing::never;
};

template <class Address, std::size_t n>
Special range_of(const std::array<Range<Address>, n>& ranges, const Address& address) {
  for (const auto& range : ranges)
    if (holds(range, address)) return {range.name, range.bits, range.listing};
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

V6 mapped(const V4& address) {
  V6 out = kMapped.prefix;
  std::ranges::copy(address, out.begin() + 12);
  return out;
}

Special special(const V6& address) {
  if (holds(kMapped, address)) return range_of(kRanges4, last_four(address));
  if (holds(kNat64, address)) {
    auto found = range_of(kRanges4, last_four(address));
    found.listing = Listing::never;  // RFC 6052 section 3.1: the prefix is for public IPv4 only
    return found;
  }
  const auto found = range_of(kRanges6, address);
  if (!found.name.empty() || holds(kGlobalUnicast, address)) return found;
  return {.name = "outside 2000::/3 (not global unicast)"};
}

Special special(const sockaddr& address) {
  if (address.sa_family == AF_INET) return range_of(kRanges4, v4_of(address));
  if (address.sa_family == AF_INET6) return special(v6_of(address));
  return {.name = "neither IPv4 nor IPv6"};
}

template <class Address>
std::string text_of(int family, const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  return ::inet_ntop(family, address.data(), out.data(), out.size());
}

// Reading networks from CIDR notation.

constexpr std::string_view kListable =
    "only private networks can be opened: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "
    "100.64.0.0/10 and fc00::/7, or a part of one";

Error unusable(std::string message, std::string hint) {
  return {.code = Errc::input, .message = std::move(message), .hint = std::move(hint)};
}

struct Numeric {
  V6 bytes;  ///< IPv4 in its mapped form
  bool is_v4;

  unsigned width() const { return is_v4 ? 32 : 128; }
  unsigned before() const { return 128 - width(); }  ///< bits that the mapped form puts in front
  bool is_ipv4_in_ipv6() const { return !is_v4 && holds(kMapped, bytes); }
  std::string text() const {
    return is_v4 ? text_of(AF_INET, last_four(bytes)) : text_of(AF_INET6, bytes);
  }
};

std::optional<Numeric> numeric(const std::string& text) {
  if (text.find('\0') != std::string::npos) return std::nullopt;  // inet_pton would stop there
  V4 v4{};
  V6 v6{};
  if (::inet_pton(AF_INET, text.c_str(), v4.data()) == 1) return Numeric{mapped(v4), true};
  if (::inet_pton(AF_INET6, text.c_str(), v6.data()) == 1) return Numeric{v6, false};
  return std::nullopt;
}

V6 without_rest(V6 bytes, unsigned bits) {
  for (unsigned i = 0; i < bytes.size(); ++i) {
    const unsigned kept = std::clamp(bits, i * 8, i * 8 + 8) - i * 8;
    bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xff00U >> kept));
  }
  return bytes;
}

// Whether the whole network is in one range that may be listed. It is, when its first address is in
// a range that is at least as wide. Single addresses of the table, such as a metadata service, can
// still be inside: the guard refuses those when they are dialled.
Result<void> check_listable(const V6& prefix, unsigned bits) {
  const auto range = special(prefix);
  const unsigned before = holds(kMapped, prefix) ? 96 : 0;
  if (range.name.empty()) {
    return unusable("it is not within a private network",
                    text::format("public addresses need not be listed; {}", kListable));
  }
  if (range.listing == Listing::never)
    return unusable(text::format("it is in {}", range.name), std::string(kListable));
  if (bits < range.bits + before)
    return unusable(text::format("it reaches beyond {}", range.name), std::string(kListable));
  return {};
}

}  // namespace

Result<Network> Network::parse(std::string_view cidr) {
  const auto slash = cidr.find('/');
  const auto address = numeric(std::string(cidr.substr(0, slash)));
  if (!address) {
    return unusable("its address is neither IPv4 nor IPv6",
                    "write it like `10.1.0.0/16` or `fd12:3456:789a::/48`");
  }
  if (address->is_ipv4_in_ipv6())
    return unusable("it is IPv4 inside IPv6", "write it as IPv4, like `10.1.0.0/16`");
  const auto alone = text::format("`{}/{}`", address->text(), address->width());
  if (slash == std::string_view::npos)
    return unusable("it has no length", "for this address alone write " + alone);
  const auto digits = cidr.substr(slash + 1);
  const auto length = parse_number<unsigned>(digits);
  if (!length || *length > address->width() || (digits.size() > 1 && digits.front() == '0')) {
    return unusable(text::format("its length is not a number up to {}", address->width()),
                    "for this address alone write " + alone);
  }
  const unsigned least = address->is_v4 ? 8 : 16;
  if (*length < least) {
    return unusable(text::format("it is wider than a /{}", least),
                    "a network this wide is not only yours: list the one that the IdP is in");
  }
  const unsigned bits = *length + address->before();
  const Numeric network{without_rest(address->bytes, bits), address->is_v4};
  if (network.bytes != address->bytes) {
    return unusable(text::format("it has bits set after the first {}", *length),
                    text::format("write `{}/{}`, or for this address alone {}", network.text(),
                                 *length, alone));
  }
  TRY_VOID(check_listable(network.bytes, bits));
  return Network(network.bytes, bits);
}

bool Network::holds(const sockaddr& address) const {
  if (address.sa_family == AF_INET) return same_prefix(prefix_, mapped(v4_of(address)), bits_);
  return address.sa_family == AF_INET6 && same_prefix(prefix_, v6_of(address), bits_);
}

std::string_view special_range(const sockaddr& address) {
  return special(address).name;
}

bool is_loopback(const sockaddr& address) {
  if (address.sa_family == AF_INET6) {
    const auto v6 = v6_of(address);
    // Not through NAT64: there 127.0.0.0/8 would be the translator itself.
    return holds(kMapped, v6) ? last_four(v6)[0] == 127 : range_of(kRanges6, v6).name == kLoopback6;
  }
  return address.sa_family == AF_INET && v4_of(address)[0] == 127;
}

bool may_be_listed(const sockaddr& address) {
  return special(address).listing == Listing::allowed;
}

std::string_view forbidden(const sockaddr& address, const Reach& reach) {
  if (reach.loopback && is_loopback(address)) return {};
  const auto found = special(address);
  const bool listed =
      found.listing == Listing::allowed &&
      std::ranges::any_of(reach.networks, [&](const auto& each) { return each.holds(address); });
  return listed ? std::string_view{} : found.name;
}

std::string text(const sockaddr& address) {
  if (address.sa_family == AF_INET) return text_of(AF_INET, v4_of(address));
  if (address.sa_family == AF_INET6) return text_of(AF_INET6, v6_of(address));
  return text::format("an address of family {}", address.sa_family);
}

}  // namespace mcpauth::http
