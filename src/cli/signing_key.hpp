#pragma once

#include <optional>
#include <string>

#include "cli/env.hpp"
#include "core/crypto/algorithm.hpp"
#include "core/jose/jwk.hpp"

namespace mcpauth::cli {

/// Which key signs, as given on the command line.
struct KeyChoice {
  std::string key = {};         ///< a secret reference
  std::string passphrase = {};  ///< a secret reference; empty: asked for where it is needed
  std::optional<crypto::Algorithm> alg = {};
};

/// Reads a private key, PEM or JWK. An encrypted one without `passphrase` is asked for at the
/// terminal, and Errc::needs_person where nobody can be asked.
Result<jose::SigningKey> read_signing_key(const KeyChoice& choice, Env& env);

}  // namespace mcpauth::cli
