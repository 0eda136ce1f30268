#pragma once

#include <optional>
#include <string_view>

#include "core/jose/jwk.hpp"

namespace mcpauth::keys {

/// The algorithm with this name. Errc::usage for HMAC and unknown names, with the reason.
Result<crypto::Algorithm> signing_algorithm(std::string_view name);

/// Makes a key for the algorithm; its kid is the thumbprint. `bits` is for RSA only and 2048 by
/// default; Errc::usage where it does not fit.
Result<jose::SigningKey> generate(crypto::Algorithm alg, std::optional<unsigned> bits = {});

}  // namespace mcpauth::keys
