#pragma once

#include <optional>
#include <string_view>

#include "core/jose/jwk.hpp"

namespace mcpauth::keys {

/// The algorithm of this name. HMAC names and all others are Errc::usage, each with its reason.
Result<crypto::Algorithm> signing_algorithm(std::string_view name);

/// Makes a key for the algorithm; its kid is the thumbprint. `bits` is for RSA only (2048 where it
/// is not given); Errc::usage where it does not fit.
Result<jose::SigningKey> generate(crypto::Algorithm alg, std::optional<unsigned> bits = {});

}  // namespace mcpauth::keys
