#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/http/client.hpp"

namespace mcpauth::oauth {

/// The part of an issuer's metadata that we use (RFC 8414 section 2, OpenID Connect Discovery). The
/// URLs passed may_ask for the reach of the discovery. Empty: the document has none.
struct Metadata {
  std::string issuer;
  std::string jwks_uri = {};
  std::string token_endpoint = {};
};

/// Where an issuer's metadata may be, in the order to ask: RFC 8414's well-known path inserted
/// before the issuer's path, then OpenID Connect's inserted, then OpenID Connect's appended. The
/// last two are the same for an issuer without a path.
Result<std::vector<std::string>> metadata_urls(std::string_view issuer);

/// Asks those places in turn. The document's `issuer` must equal this one byte for byte (RFC 8414
/// section 3.3). Errc::not_found when every place answers 4xx; otherwise the first thing that was
/// wrong.
Result<Metadata> discover(std::string_view issuer, const http::Reach& reach, http::Client& http,
                          std::chrono::milliseconds timeout = std::chrono::seconds(10));

}  // namespace mcpauth::oauth
