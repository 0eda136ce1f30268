#include <arpa/inet.h>

#include <array>

#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/net/server.hpp"

namespace mcpauth::net {
namespace {

constexpr std::string_view kHint = "write it as 127.0.0.1:8700, [::1]:8700 or :8700";

Error bad_listen(std::string_view text, std::string_view what) {
  return Error{.code = Errc::usage,
               .message = text::format("`{}` is not an address to listen on: {}", text, what),
               .hint = std::string(kHint)};
}

bool is_literal(int family, const std::string& address) {
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  return ::inet_pton(family, address.c_str(), parsed.data()) == 1;
}

}  // namespace

Result<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad_listen(text, "the port is missing");
  const auto digits = text.substr(colon + 1);
  const auto port = parse_number<std::uint16_t>(digits);
  if (!port) return bad_listen(text, "the port is not a number from 0 to 65535");
  std::string address(text.substr(0, colon));
  if (address.empty()) return std::pair{std::string("127.0.0.1"), *port};
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (bracketed) address = address.substr(1, address.size() - 2);
  if (!is_literal(bracketed ? AF_INET6 : AF_INET, address)) {
    return bad_listen(text, "the part before the port is not an IP address");
  }
  return std::pair{std::move(address), *port};
}

}  // namespace mcpauth::net
