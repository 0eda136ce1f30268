#include "core/codec/url.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"

namespace mcpauth {
namespace {

constexpr std::string_view kSubDelims = "!$&'()*+,;=";

using text::is_digit;
using text::is_hex_digit;
using text::is_letter;

Error refused(std::string message, std::string hint = {}) {
  return Error{.code = Errc::input, .message = std::move(message), .hint = std::move(hint)};
}

Result<void> check_characters(std::string_view text) {
  if (text.empty()) return refused("the URL is empty");
  if (text.size() > Url::kMaxBytes) return refused("the URL is longer than 8192 bytes");
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80)
      return refused("the URL has a character that is not ASCII",
                     "write the host in its xn-- form and percent-encode the rest");
    if (byte <= 0x20 || byte == 0x7f)
      return refused("the URL has white space or a control character");
    if (c == '\\') return refused("the URL has a backslash");
    if (c == '#') return refused("the URL has a fragment", "leave out `#` and what follows it");
  }
  return {};
}

// RFC 3986 pchar and "/", and for a query "?" too.
Result<void> check_escaping(std::string_view content, std::string_view part,
                            std::string_view extra) {
  for (std::size_t i = 0; i < content.size(); ++i) {
    const char c = content[i];
    if (c == '%') {
      if (i + 2 >= content.size() || !is_hex_digit(content[i + 1]) || !is_hex_digit(content[i + 2]))
        return refused(text::format("the URL's {} has a bad percent-escape", part));
      i += 2;
      continue;
    }
    const bool allowed = is_letter(c) || is_digit(c) ||
                         std::string_view("-._~:@/").find(c) != std::string_view::npos ||
                         kSubDelims.find(c) != std::string_view::npos ||
                         extra.find(c) != std::string_view::npos;
    if (!allowed)
      return refused(text::format("the URL's {} has a character that must be encoded", part));
  }
  return {};
}

std::string decoded(std::string_view content) {
  std::string out;
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] != '%') {
      out += content[i];
      continue;
    }
    out +=
        static_cast<char>(text::hex_value(content[i + 1]) * 16 + text::hex_value(content[i + 2]));
    i += 2;
  }
  return out;
}

// Checked after decoding. Encoded slashes and backslashes count as separators, because the server
// may treat them so.
Result<void> check_path(std::string_view path) {
  TRY_VOID(check_escaping(path, "path", ""));
  if (path.find("//") != std::string_view::npos)
    return refused("the URL's path has an empty segment (`//`)");
  std::string plain = decoded(path);
  for (char& c : plain) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return refused("the URL's path has an encoded control character");
    if (c == '\\') c = '/';
  }
  std::string_view rest = plain;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // each segment is led by its slash
    const auto segment = rest.substr(0, rest.find('/'));
    if (segment == "." || segment == "..") return refused("the URL's path has a dot segment");
    rest.remove_prefix(segment.size());
  }
  return {};
}

template <class Address>
std::string address_text(int family, const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family, &address, text.data(), text.size());
  return text.data();
}

Result<std::string> parse_ipv6(std::string_view text) {
  if (text.find('%') != std::string_view::npos) return refused("the URL's host has a zone id");
  in6_addr address{};
  if (::inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1)
    return refused("the URL's host is not an IPv6 address");
  if (!IN6_IS_ADDR_V4MAPPED(&address)) return address_text(AF_INET6, address);
  in_addr v4{};
  std::memcpy(&v4, &address.s6_addr[12], sizeof v4);
  return address_text(AF_INET, v4);
}

Result<void> check_label(std::string_view label) {
  if (label.empty()) return refused("the URL's host has an empty label");
  if (label.size() > 63) return refused("the URL's host has a label longer than 63 characters");
  if (label.front() == '-' || label.back() == '-')
    return refused("the URL's host has a label that starts or ends with `-`");
  const auto plain = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
  if (!std::ranges::all_of(label, plain))
    return refused("the URL's host has a character that no host name has");
  return {};
}

// Such a host is read as an IPv4 address by some parsers (inet_aton, browsers) and as a name by
// others.
bool ends_in_a_number(std::string_view host) {
  const auto last = host.substr(host.rfind('.') + 1);  // npos + 1 is 0: the whole
  if (std::ranges::all_of(last, is_digit)) return true;
  return last.size() >= 2 && last[0] == '0' && text::lowered(last[1]) == 'x' &&
         std::ranges::all_of(last.substr(2), is_hex_digit);
}

Result<std::string> parse_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty()) return refused("the URL has no host");
  if (host.size() > 253) return refused("the URL's host is longer than 253 characters");
  for (std::size_t start = 0; start <= host.size();) {
    const auto end = std::min(host.find('.', start), host.size());
    TRY_VOID(check_label(host.substr(start, end - start)));
    start = end + 1;
  }
  if (!ends_in_a_number(host)) return text::lowered(host);
  in_addr address{};
  if (::inet_pton(AF_INET, std::string(host).c_str(), &address) != 1)
    return refused("the URL's host is a number but not an IPv4 address of four decimal parts",
                   "write it as in 192.0.2.1, without leading zeros");
  return address_text(AF_INET, address);
}

Result<std::uint16_t> parse_port(std::string_view text) {
  const auto port = parse_number<std::uint16_t>(text);
  if (!port || text.front() == '0')
    return refused("the URL's port is not a number from 1 to 65535");
  return *port;
}

struct Authority {
  std::string_view host;
  bool ipv6 = false;
  std::optional<std::string_view> port = {};
};

Result<Authority> split_authority(std::string_view text) {
  if (text.find('@') != std::string_view::npos)
    return refused("the URL has a user name or password before its host",
                   "give credentials by their own option, never in a URL");
  if (!text.starts_with('[')) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return Authority{.host = text};
    return Authority{.host = text.substr(0, colon), .port = text.substr(colon + 1)};
  }
  const auto close = text.find(']');
  if (close == std::string_view::npos) return refused("the URL's host has `[` without `]`");
  Authority out{.host = text.substr(1, close - 1), .ipv6 = true};
  const auto rest = text.substr(close + 1);
  if (rest.empty()) return out;
  if (!rest.starts_with(':')) return refused("the URL's host has something after `]`");
  out.port = rest.substr(1);
  return out;
}

std::uint16_t default_port(std::string_view scheme) {
  return scheme == "http" ? 80 : 443;
}

}  // namespace

bool Url::is_loopback() const {
  if (host == "localhost" || host == "::1") return true;
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

std::string Url::origin() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  std::string out = scheme + "://" + (ipv6 ? "[" + host + "]" : host);
  if (port != default_port(scheme)) out += ":" + std::to_string(port);
  return out;
}

std::string Url::text() const {
  return origin() + path + (query.empty() ? "" : "?" + query);
}

Result<Url> Url::parse(std::string_view rest) {
  TRY_VOID(check_characters(rest));
  const auto colon = rest.find("://");
  if (colon == std::string_view::npos)
    return refused("the URL is not absolute", "start it with https://");
  Url url;
  url.scheme = text::lowered(rest.substr(0, colon));
  if (url.scheme != "https" && url.scheme != "http")
    return refused("the URL's scheme is neither https nor http");
  rest.remove_prefix(colon + 3);

  const auto authority_end = std::min(rest.find_first_of("/?"), rest.size());
  TRY(const Authority authority, split_authority(rest.substr(0, authority_end)));
  TRY(url.host, authority.ipv6 ? parse_ipv6(authority.host) : parse_name(authority.host));
  url.port = default_port(url.scheme);
  if (authority.port) {
    TRY(url.port, parse_port(*authority.port));
  }
  rest.remove_prefix(authority_end);

  const auto path_end = std::min(rest.find('?'), rest.size());
  url.path = path_end == 0 ? "/" : std::string(rest.substr(0, path_end));
  TRY_VOID(check_path(url.path));
  if (path_end < rest.size()) url.query = rest.substr(path_end + 1);
  TRY_VOID(check_escaping(url.query, "query", "?"));
  return url;
}

}  // namespace mcpauth
