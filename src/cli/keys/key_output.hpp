#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"
#include "core/jose/jwk.hpp"

// How `keygen` and `keys convert` write a key.
namespace mcpauth::cli {

/// The passphrase for a key to be written: read from `source`, or asked for twice without one.
/// `flag` is the flag that would have given it, for the hint.
Result<Secret> new_passphrase(const std::optional<std::string>& source, Env& env,
                              std::string_view flag);

enum class KeyFormat { pem, jwk };
/// The private key as text. A PEM is encrypted unless the passphrase is empty.
Result<Secret> private_text(const jose::SigningKey& key, KeyFormat format,
                            const Secret& passphrase);

/// Declares -o FILE of a command that does not overwrite a key without --force.
void bind_key_output(Spec& spec, std::string help, std::optional<std::string>& file);

/// Writes a private key to a file with mode 0600, or to stdout for "-", but never to a terminal.
/// An existing file is replaced only with `force`.
Result<void> write_private(const Secret& text, const std::string& file, bool force, Env& env);
/// The same for public keys. Everybody may read the file: the proxy of another user needs it.
Result<void> write_public(std::string_view text, const std::string& file, bool force, Env& env);

}  // namespace mcpauth::cli
