#pragma once

#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/net/server.hpp"

namespace mcpauth::dev::idp {

/// What a token is asked for with. Empty: the provider's own.
struct TokenRequest {
  std::string user;
  std::string audience = {};
  std::string ttl = {};   ///< seconds
  std::string type = {};  ///< "id" or "access"
};

/// Reads the body by its Content-Type, JSON or form. Unknown and repeated members are refused.
Result<TokenRequest> read_token_request(const net::Request& request);

}  // namespace mcpauth::dev::idp
