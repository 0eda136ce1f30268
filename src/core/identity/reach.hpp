#pragma once

#include <span>

#include "core/codec/url.hpp"
#include "core/http/client.hpp"
#include "core/identity/settings.hpp"

namespace mcpauth::identity {

/// Where a URL that a person gave may lead: to this machine where it names it, and into the
/// networks of the IdPs that have their issuer or their keys at the same origin. To no other
/// private address.
http::Reach reach_of(const Url& url, std::span<const Settings> idps);

}  // namespace mcpauth::identity
