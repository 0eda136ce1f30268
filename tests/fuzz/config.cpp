#include "core/config/config.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/panic.hpp"
#include "core/base/ttl.hpp"
#include "core/http/address_guard.hpp"

namespace {

using namespace mcpauth;

void must(bool holds, const char* what) {
  if (!holds) panic(what);
}

bool is_closed(const char* text, const http::Reach& reach) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  if (::inet_pton(AF_INET, text, &v4.sin_addr) == 1)
    return !http::forbidden(reinterpret_cast<const sockaddr&>(v4), reach).empty();
  must(::inet_pton(AF_INET6, text, &v6.sin6_addr) == 1, "address");
  return !http::forbidden(reinterpret_cast<const sockaddr&>(v6), reach).empty();
}

bool shares_tokens(const identity::Settings& one, const identity::Settings& other) {
  return one.issuer == other.issuer &&
         std::ranges::find_first_of(one.audience, other.audience) != one.audience.end();
}

}  // namespace

// Any file is refused with the places of its problems, or the result keeps our promises.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config = config::parse(text_of({data, size}), "mcpauth.toml");
  if (!config) {
    must(config.error().code == Errc::config, "not a configuration error");
    must(!config.error().problems.empty(), "an error without a place");
    return 0;
  }
  if (config->issuer) {
    must(config->issuer->ttl >= kMinTtl && config->issuer->ttl <= kMaxTtl, "ttl");
    must(!config->issuer->url.empty(), "no issuer url");
  }
  for (const auto& idp : config->idps) {
    must(!idp.name.empty() && idp.name.find(':') == idp.name.npos, "name");
    must(!idp.issuer.empty() && !idp.audience.empty(), "issuer or audience");
    must(idp.org_id.empty() != idp.org_claim.empty(), "org");
    must(!config->issuer || config->issuer->url != idp.issuer, "own issuer");
    for (const auto* address : {"127.0.0.1", "169.254.169.254", "100.100.100.200", "fd00:ec2::254"})
      must(idp.reach.loopback || is_closed(address, idp.reach), "an address that nobody may open");
    for (const auto& other : config->idps)
      must(&other == &idp || !shares_tokens(idp, other), "an audience of two");
  }
  for (const auto& server : config->servers)
    must(server.path.starts_with('/'), "path");
  if (config->egress) {
    for (const auto& route : config->egress->routes) {
      must(route.secret.empty() != route.connection.empty(), "secret or connection");
      must(!route.required_scopes.empty() && !route.methods.empty(), "open route");
    }
  }
  return 0;
}
