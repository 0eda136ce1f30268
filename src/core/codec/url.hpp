#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace mcpauth {

/// An absolute http(s) URL in the strict subset that two parsers cannot read differently.
struct Url {
  static constexpr std::size_t kMaxBytes = 8192;

  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case, without brackets for IPv6, without trailing dot
  std::uint16_t port = 0;
  std::string path;   ///< starts with "/"; percent-encoding stays as written
  std::string query;  ///< without "?"; empty when absent

  bool is_loopback() const;    ///< host is 127.0.0.0/8, ::1 or localhost
  std::string origin() const;  ///< scheme://host[:port], port left out when it is the default
  std::string text() const;    ///< the whole URL, normalised

  /// Refuses other schemes, userinfo, fragments, empty and non-ASCII hosts, zone ids, numeric hosts
  /// that are not dotted-quad (octal, hex, short forms), white space, backslashes, control
  /// characters, bad percent-escapes, dot segments, empty segments and more than kMaxBytes. An
  /// IPv4-mapped IPv6 host becomes the IPv4 host that it means. The Error never repeats the text,
  /// which may hold a password or a query.
  static Result<Url> parse(std::string_view text);
};

}  // namespace mcpauth
