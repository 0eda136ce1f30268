#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/frame/env.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::cli {

/// Where the keys come from, as given on the command line: exactly one of them.
struct VerifyKeys {
  std::optional<std::string> jwks = {};    ///< a source or a URL
  std::optional<std::string> issuer = {};  ///< discovery
  std::optional<std::string> key = {};  ///< a source: PEM or JWK; of a private key the public half
};

/// Errc::usage unless exactly one is given.
Result<void> check(const VerifyKeys& choice);

/// The reference that is given.
std::string place_of(const VerifyKeys& choice);

/// The keys to verify with. A URL is reached over https, or over http where the URL itself names
/// this machine.
Result<std::unique_ptr<jose::KeySource>> open_keys(const VerifyKeys& choice, Env& env);

}  // namespace mcpauth::cli
