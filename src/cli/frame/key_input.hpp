#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"
#include "core/jose/jwk.hpp"
#include "core/keys/entry.hpp"
#include "core/keys/material.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::cli {

/// Which ring, and how long its steps wait.
struct RingOptions {
  std::optional<std::string> directory;
  std::chrono::seconds cache_max_age{300};
  std::chrono::seconds period = keys::Rotation{}.period;

  keys::Rotation rotation() const;
};

/// --keys DIR.
void bind_ring(Spec& spec, RingOptions& options);
/// --cache-max-age and --period.
void bind_rotation(Spec& spec, RingOptions& options);
/// The directory given, else the one of the configuration.
Result<std::filesystem::path> ring_directory(const RingOptions& options, const Env& env);

/// Warns of what keeps the ring from signing or rotating: private files that are gone, and times
/// that lie ahead of the clock.
void warn_of_ring(const keys::Ring& ring, Env& env);

/// --alg ALG, one of ours; HMAC names are refused with the reason.
void bind_algorithm(Spec& spec, std::string help, std::optional<crypto::Algorithm>& target);

/// A key file, its form known.
struct KeySource {
  keys::KeyFile file;
  keys::Form form;
};

/// Reads a key from wherever `reference` leads, without judging who else can read it.
Result<KeySource> read_key(std::string_view reference, Env& env);

/// The same and reads the key in it, asking for the passphrase at the terminal where one is needed
/// and none is given. A private key that others can read is refused.
Result<keys::Material> open_key(std::string_view reference,
                                const std::optional<std::string>& passphrase,
                                std::optional<crypto::Algorithm> alg, Env& env);

/// The passphrase for a key to be written: from its source, else asked for twice.
Result<Secret> new_passphrase(const std::optional<std::string>& source, Env& env,
                              std::string_view flag);

/// The private key as text: PEM, encrypted when the passphrase is not empty, or JWK.
enum class KeyFormat { pem, jwk };
Result<Secret> private_text(const jose::SigningKey& key, KeyFormat format,
                            const Secret& passphrase);

/// -o FILE of the commands that write a key and do not overwrite one without --force.
void bind_key_output(Spec& spec, std::string help, std::optional<std::string>& file);

/// Writes a private key: to a file (0600; one that is there only under `force`), or for "-" to
/// stdout. Not to a terminal.
Result<void> write_private(const Secret& text, const std::string& file, bool force, Env& env);
/// The same for public keys, which may be read by everybody, such as another user's proxy.
Result<void> write_public(std::string_view text, const std::string& file, bool force, Env& env);

}  // namespace mcpauth::cli
