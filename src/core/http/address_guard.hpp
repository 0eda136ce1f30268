#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::http {

/// A private network that the configuration opens, so that its addresses may be dialled. It is
/// always within one of the private ranges of RFC 1918, RFC 6598 and RFC 4193.
class Network {
 public:
  /// Reads CIDR notation strictly: no bits set after the prefix, no IPv4 inside IPv6, at least /8
  /// for IPv4 and /16 for IPv6. The Error's message continues "cannot be opened as a network:".
  static Result<Network> parse(std::string_view cidr);

  /// Also for the IPv4-mapped form of an IPv4 address; not through NAT64.
  bool holds(const sockaddr& address) const;

  friend bool operator==(const Network&, const Network&) = default;

 private:
  using Bytes = std::array<std::uint8_t, 16>;
  Network(const Bytes& prefix, unsigned bits) : prefix_(prefix), bits_(bits) {}

  Bytes prefix_;  ///< IPv4 in its IPv4-mapped form
  unsigned bits_;
};

/// Which addresses a request may reach once its name is resolved (promise 8): public ones over
/// https, and what is added here.
struct Reach {
  // NOLINTBEGIN(readability-identifier-naming): values of Reach, named as an enum's
  static const Reach internet;      ///< nothing is added
  static const Reach loopback_too;  ///< for a configured local IdP or proxy
  // NOLINTEND(readability-identifier-naming)

  bool loopback = false;               ///< http and https to loopback
  std::vector<Network> networks = {};  ///< https to the private addresses in these

  friend bool operator==(const Reach&, const Reach&) = default;
};

inline const Reach Reach::internet{};
inline const Reach Reach::loopback_too{.loopback = true};

/// The special-use range that an address is in, as in "169.254.0.0/16 (link-local, metadata)";
/// empty for a public address. IPv4 inside IPv6 (mapped, NAT64) counts as that IPv4. Only IPv4 and
/// global-unicast IPv6 can be public.
std::string_view special_range(const sockaddr& address);

/// 127.0.0.0/8 or ::1, also IPv4-mapped.
bool is_loopback(const sockaddr& address);

/// Whether a configuration can open the address, by listing its network.
bool may_be_listed(const sockaddr& address);

/// Why this address must not be dialled: the special range that it is in. Empty when it may be
/// dialled, because it is public or the reach allows it. No network can hold metadata services,
/// link-local or loopback addresses.
std::string_view forbidden(const sockaddr& address, const Reach& reach);

/// The address without its port, for a message.
std::string text(const sockaddr& address);

}  // namespace mcpauth::http
