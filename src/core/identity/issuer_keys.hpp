#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/base/clock.hpp"
#include "core/http/client.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::identity {

struct CachePolicy {
  std::chrono::seconds fresh{300};  ///< without Cache-Control; with it 60 s to 1 h
  std::chrono::seconds stale_on_error{
      86'400};  ///< how long the last good set serves while fetching fails
  std::chrono::seconds unknown_kid_wait{30};  ///< least time between two fetches for unknown kids
  std::size_t negative_entries = 1024;        ///< kids remembered as unknown
};

/// The keys of an issuer (by OIDC or RFC 8414 discovery) or of a JWKS URL, fetched and cached:
/// conditional requests, one refresh for unknown kids (rate-limited, negative cache), the last good
/// set while the issuer is down. Usable from several threads at once.
std::unique_ptr<jose::KeySource> issuer_keys(std::string issuer, http::Reach reach,
                                             http::Client& http, const Clock& clock,
                                             CachePolicy policy = {});
std::unique_ptr<jose::KeySource> jwks_url_keys(std::string url, http::Reach reach,
                                               http::Client& http, const Clock& clock,
                                               CachePolicy policy = {});

}  // namespace mcpauth::identity
