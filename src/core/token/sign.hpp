#pragma once

#include <chrono>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/random.hpp"
#include "core/base/secret.hpp"
#include "core/jose/jwk.hpp"
#include "core/token/claims.hpp"

namespace mcpauth::token {

/// A signed token and its claims.
struct Minted {
  Secret token;         ///< the compact JWS
  json::Object claims;  ///< all of them, in the order of the token
  std::string jti;
  Instant expires;
};

/// Signs an `at+jwt` (RFC 9068). The only place where mcpauth signs access tokens: it refuses
/// lifetimes outside 5 to 15 minutes (kTtlOutOfRange) and claims that `check` refuses.
Result<Minted> sign(const Claims& claims, std::chrono::seconds ttl, const jose::SigningKey& key,
                    Instant now, Random& random);

}  // namespace mcpauth::token
