#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/http/client.hpp"

namespace mcpauth::oauth {

/// What an issuer says about itself (RFC 8414 section 2, OpenID Connect Discovery), as far as we
/// use it. The URLs may be asked under the reach they were discovered with; empty: not named.
struct Metadata {
  std::string issuer;
  std::string jwks_uri = {};
  std::string token_endpoint = {};
};

/// Where an issuer's metadata may be, in the order to ask: RFC 8414 inserted, OpenID Connect
/// inserted and appended; the last two are one for an issuer without path.
Result<std::vector<std::string>> metadata_urls(std::string_view issuer);

/// Asks those places in turn. The document's `issuer` must be this one byte for byte (RFC 8414
/// section 3.3). Errc::not_found when every place answers 4xx; else the first thing that was wrong.
Result<Metadata> discover(std::string_view issuer, const http::Reach& reach, http::Client& http,
                          std::chrono::milliseconds timeout = std::chrono::seconds(10));

}  // namespace mcpauth::oauth
