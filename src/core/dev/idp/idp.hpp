#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/dev/idp/users.hpp"
#include "core/jose/jwk.hpp"
#include "core/keys/jwks_endpoint.hpp"
#include "core/net/server.hpp"

namespace mcpauth::dev::idp {

inline constexpr std::string_view kTokenPath = "/dev/token";

struct Options {
  std::string issuer = {};  ///< the URL that it listens on
  std::string audience = "mcpauth";
  Users users = default_users();
};

/// A key in memory that nobody trusts and that ends with the process.
Result<jose::SigningKey> throwaway_key();

/// An OpenID provider for development. It gives a token to anybody who names a user, so it serves
/// loopback only, and every answer says that it is not for production. It has discovery, a key set
/// and POST /dev/token (JSON or form: user, audience, ttl in seconds, type id or access). It
/// refuses a request whose Host or Origin is not loopback (DNS rebinding).
class Idp final : public net::Handler {
 public:
  static Result<std::unique_ptr<Idp>> make(Options options, jose::SigningKey key,
                                           const Clock& clock);

  net::Response handle(const net::Request& request) override;

 private:
  Idp(Options options, jose::SigningKey key, const Clock& clock,
      std::unique_ptr<keys::JwksEndpoint> documents)
      : options_(std::move(options)),
        key_(std::move(key)),
        clock_(clock),
        documents_(std::move(documents)) {}
  net::Response answer(const net::Request& request);
  net::Response token(const net::Request& request) const;

  Options options_;
  jose::SigningKey key_;
  const Clock& clock_;
  std::unique_ptr<keys::JwksEndpoint> documents_;
};

/// Whether a Host header names this machine: 127.0.0.0/8, ::1 or localhost, with any port.
bool is_loopback_host(std::string_view host);

/// The Error for any other host.
Error not_loopback(std::string_view host);

}  // namespace mcpauth::dev::idp
