#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "core/base/secret.hpp"

namespace mcpauth::oauth {

/// application/x-www-form-urlencoded, as a body that is wiped.
Secret form_body(std::span<const std::pair<std::string_view, std::string_view>> fields);

/// The Authorization value of client_secret_basic: both parts form-encoded before they are joined
/// (RFC 6749 section 2.3.1).
Secret basic_authorization(std::string_view client_id, const Secret& client_secret);

}  // namespace mcpauth::oauth
