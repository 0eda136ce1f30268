#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/base/clock.hpp"
#include "core/http/client.hpp"
#include "core/identity/settings.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::identity {

/// How long keys are cached, and how often an issuer is asked.
struct CachePolicy {
  /// How long a set is fresh without Cache-Control; with it, 60 s to 1 h.
  std::chrono::seconds fresh{300};
  /// How long the last good set is used after that, while fetching fails.
  std::chrono::seconds stale_on_error{86'400};
  std::chrono::seconds retry_wait{10};  ///< shortest time between two fetches after a failure
  std::chrono::seconds unknown_kid_wait{
      30};                              ///< shortest time between two fetches for unknown kids
  std::size_t negative_entries = 1024;  ///< kids remembered as unknown
  std::chrono::milliseconds timeout{10'000};  ///< for each request
};

/// The keys of an issuer (by OIDC or RFC 8414 discovery) or of a JWKS URL, fetched and cached:
/// conditional requests, one refresh for unknown kids (rate-limited, negative cache), the last good
/// set while the issuer is down. Usable from several threads at once: one fetches, and the others
/// use the last good set or wait when there is none. `http` and `clock` must outlive it. Without
/// any keys: Errc::network, timeout or input, with the URL in the message.
std::unique_ptr<jose::KeySource> issuer_keys(std::string issuer, http::Reach reach,
                                             http::Client& http, const Clock& clock,
                                             CachePolicy policy = {});
std::unique_ptr<jose::KeySource> jwks_url_keys(std::string url, http::Reach reach,
                                               http::Client& http, const Clock& clock,
                                               CachePolicy policy = {});

/// The keys of a configured IdP: from its `jwks_uri` or by discovery, within its own reach.
std::unique_ptr<jose::KeySource> keys_of(const Settings& idp, http::Client& http,
                                         const Clock& clock);

}  // namespace mcpauth::identity
