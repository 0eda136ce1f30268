#pragma once

#include <span>

#include "core/codec/url.hpp"
#include "core/http/client.hpp"
#include "core/identity/settings.hpp"

namespace mcpauth::identity {

/// Which private addresses a URL that a person gave may lead to: this machine if the URL names it,
/// and the networks of IdPs whose issuer or keys have the same origin.
http::Reach reach_of(const Url& url, std::span<const Settings> idps);

}  // namespace mcpauth::identity
