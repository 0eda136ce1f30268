#include "core/identity/reach.hpp"

namespace mcpauth::identity {
namespace {

bool is_at(std::string_view text, const std::string& origin) {
  const auto url = Url::parse(text);
  return url && url->origin() == origin;
}

}  // namespace

http::Reach reach_of(const Url& url, std::span<const Settings> idps) {
  http::Reach reach{.loopback = url.is_loopback()};
  const auto origin = url.origin();
  for (const auto& idp : idps) {
    if (!is_at(idp.issuer, origin) && !is_at(idp.jwks_uri, origin)) continue;
    const auto& networks = idp.reach.networks;
    reach.networks.insert(reach.networks.end(), networks.begin(), networks.end());
  }
  return reach;
}

}  // namespace mcpauth::identity
