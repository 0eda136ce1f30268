#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace mcpauth::cli {

/// The JSON text of the key with this `kid` in a JWKS. The key itself is not checked here.
Result<Secret> key_of_set(const Secret& jwks, std::string_view kid);

}  // namespace mcpauth::cli
