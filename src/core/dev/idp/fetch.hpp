#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/dev/idp/token_request.hpp"
#include "core/http/client.hpp"

namespace mcpauth::dev::idp {

/// Asks a running development IdP on loopback for a token of the type in `request`. A refusal is
/// Errc::input with the words of the IdP.
Result<std::string> fetch_token(std::string_view issuer, const TokenRequest& request,
                                http::Client& http);

}  // namespace mcpauth::dev::idp
