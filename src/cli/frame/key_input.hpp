#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"
#include "core/keys/material.hpp"

// The key that a command is given, and the algorithm that goes with it.
namespace mcpauth::cli {

/// Declares --alg ALG. HMAC names are refused with the reason.
void bind_algorithm(Spec& spec, std::string help, std::optional<crypto::Algorithm>& target);

/// A key as it was read, before it is decrypted or parsed.
struct KeyInput {
  keys::KeyFile file;
  keys::Form form;
};

/// Reads a key from any reference (sources.hpp). Does not check who else can read the file.
Result<KeyInput> read_key(std::string_view reference, Env& env);

/// Reads and parses a key. For an encrypted one without `passphrase` it asks at the terminal. A
/// private key that other users can read is refused.
Result<keys::Material> open_key(std::string_view reference,
                                const std::optional<std::string>& passphrase,
                                std::optional<crypto::Algorithm> alg, Env& env);

}  // namespace mcpauth::cli
