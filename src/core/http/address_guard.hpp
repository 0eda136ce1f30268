#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

#include "core/http/client.hpp"

namespace mcpauth::http {

/// The special-use range that an address is in, as in "169.254.0.0/16 (link-local, metadata)";
/// empty for a public address. IPv4 inside IPv6 (mapped, NAT64) is judged as that IPv4. What is
/// neither IPv4 nor global-unicast IPv6 is never public.
std::string_view special_range(const sockaddr& address);

/// 127.0.0.0/8 or ::1, also IPv4-mapped.
bool is_loopback(const sockaddr& address);

/// Why this address must not be dialled: its special range, save for loopback under
/// Reach::loopback_too. Empty when it may be.
std::string_view forbidden(const sockaddr& address, Reach reach);

/// The address without its port, for a message.
std::string text(const sockaddr& address);

}  // namespace mcpauth::http
