#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/http/client.hpp"
#include "core/identity/issuer_keys.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::identity {

/// For how long an answer is fresh by its Cache-Control (RFC 9111 section 5.2.2): max-age, held
/// between 60 s and 1 h; 60 s for no-store and no-cache; `otherwise` when it says nothing.
std::chrono::seconds freshness(std::string_view cache_control, std::chrono::seconds otherwise);

/// The result of one fetch.
struct Fetched {
  std::shared_ptr<const jose::KeySet> keys;  ///< null: the set has not changed
  std::chrono::seconds fresh;
};

/// Fetches the key set of one issuer: by discovery when only the issuer is known, and with a
/// conditional request when the set was fetched before. Not for several threads at once.
class JwksSource {
 public:
  struct Place {
    std::string issuer = {};    ///< to discover; or
    std::string jwks_uri = {};  ///< the set itself
    http::Reach reach = http::Reach::internet;
  };

  JwksSource(Place place, http::Client& http, const CachePolicy& policy);

  /// Errc::network, timeout or input; the message names the URL. `now` is Clock::ticks.
  Result<Fetched> fetch(std::chrono::nanoseconds now);

 private:
  Result<std::string> locate(std::chrono::nanoseconds now);
  Result<Fetched> ask(const std::string& url);

  const Place place_;
  http::Client& http_;
  const CachePolicy policy_;
  std::string discovered_;
  std::chrono::nanoseconds discover_again_{};
  std::string etag_;      ///< of the last good set
  std::string etag_url_;  ///< and where it came from
};

}  // namespace mcpauth::identity
