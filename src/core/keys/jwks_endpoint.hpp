#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "core/codec/json.hpp"
#include "core/jose/jwks.hpp"
#include "core/net/server.hpp"

namespace mcpauth::keys {

struct PublishOptions {
  std::string issuer = {};  ///< exact `iss`; empty: the key set alone, no metadata documents
  std::chrono::seconds max_age{300};
  json::Object more_metadata = {};  ///< further members, such as endpoints that exist
};

/// Publishes a key set at /.well-known/jwks.json and, for an issuer, its metadata (RFC 8414, OpenID
/// Connect Discovery) where clients look for it. Answers GET and HEAD, also conditional ones, with
/// documents made once per key set. Public members only.
class JwksEndpoint final : public net::Handler {
 public:
  /// The issuer must be an http or https URL without query.
  static Result<std::unique_ptr<JwksEndpoint>> make(PublishOptions options,
                                                    const jose::KeySet& keys);

  /// Replaces all documents at once; from any thread.
  void update(const jose::KeySet& keys);
  net::Response handle(const net::Request& request) override;

 private:
  struct Documents;
  JwksEndpoint(PublishOptions options, std::string issuer_path);
  std::shared_ptr<const Documents> current() const;

  const PublishOptions options_;
  const std::string issuer_path_;  ///< without the last "/"
  mutable std::mutex mutex_;
  std::shared_ptr<const Documents> documents_;
};

/// Whether an If-None-Match value contains this entity tag, by weak comparison, or is `*` (RFC 9110
/// section 13.1.2). A value that does not parse matches nothing.
bool none_match_holds(std::string_view if_none_match, std::string_view etag);

}  // namespace mcpauth::keys
