#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/frame/env.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::cli {

/// Where the keys come from, as given on the command line. Exactly one is set.
struct VerifyKeys {
  std::optional<std::string> jwks = {};    ///< a source or a URL
  std::optional<std::string> issuer = {};  ///< discovery
  std::optional<std::string> key =
      {};  ///< a source: PEM or JWK; a private key counts as its public part
};

/// Errc::usage unless exactly one is given.
Result<void> check(const VerifyKeys& choice);

/// The reference that is given.
std::string place_of(const VerifyKeys& choice);

/// Opens the keys. A URL must be https; http is allowed only where it names this machine.
Result<std::unique_ptr<jose::KeySource>> open_keys(const VerifyKeys& choice, Env& env);

}  // namespace mcpauth::cli
