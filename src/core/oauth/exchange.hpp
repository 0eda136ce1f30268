#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "core/http/client.hpp"

namespace mcpauth::oauth {

enum class TokenType { access_token, id_token, jwt };

/// The identifier of a token type (RFC 8693 section 3).
std::string_view urn(TokenType type);

/// A request to exchange a subject's token, at our endpoint or another issuer's (RFC 8693 section
/// 2.1).
struct Exchange {
  std::string endpoint;  ///< the token endpoint
  http::Reach reach = http::Reach::internet;
  Secret subject_token;
  TokenType subject_type = TokenType::access_token;
  std::vector<std::string> audiences = {};
  std::vector<std::string> resources = {};
  std::vector<std::string> scopes = {};
  std::string client_id = {};  ///< empty: the request has only the token
  Secret client_secret = {};   ///< sent as client_secret_basic (RFC 6749 section 2.3.1)
};

struct Exchanged {
  Secret access_token;
  std::string issued_type;  ///< `issued_token_type`
  std::optional<std::chrono::seconds> expires_in = {};
  std::string scope = {};  ///< empty: as asked for
};

/// The token endpoint of a running proxy or another issuer: the one in its metadata, or the URL
/// itself when there is no metadata and the URL has a path.
Result<std::string> token_endpoint(const std::string& url, const http::Reach& reach,
                                   http::Client& http);

/// Asks once. A refusal by the endpoint is Errc::denied with reason kExchangeRefused; the message
/// has its OAuth error and description. An answer that is not a bearer token of a type we asked for
/// is Errc::input. Neither token appears in an Error.
Result<Exchanged> exchange(const Exchange& ask, http::Client& http);

}  // namespace mcpauth::oauth
