#pragma once

#include <chrono>

#include "cli/token/mint_forms.hpp"
#include "core/config/config.hpp"
#include "core/token/claims.hpp"

namespace mcpauth::cli {

/// The claims that the flags give by hand, checked.
Result<token::Claims> claims_by_hand(const MintOptions& options, std::string issuer);

/// The lifetime of such a token. Without [issuer] only the bounds of every token apply.
Result<std::chrono::seconds> ttl_by_hand(const MintOptions& options, const config::Config& config);

/// "mint needs WHAT", for something that neither a flag nor the configuration gives.
Error mint_needs(std::string_view what, std::string hint);

}  // namespace mcpauth::cli
