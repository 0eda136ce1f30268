#pragma once

#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/net/server.hpp"

namespace mcpauth::dev::idp {

/// The members of a request for a token. Empty: the provider's default.
struct TokenRequest {
  std::string user;
  std::string audience = {};
  std::string ttl = {};   ///< seconds
  std::string type = {};  ///< "id" or "access"
};

/// Reads the body, JSON or form by its Content-Type. Unknown and repeated members are errors.
Result<TokenRequest> read_token_request(const net::Request& request);

}  // namespace mcpauth::dev::idp
