#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/secret.hpp"
#include "core/jose/jwk.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::keys {

enum class Form { private_pem, encrypted_pem, public_pem, private_jwk, public_jwk, key_set };
std::string_view name(Form form);  ///< "private key, PEM", ...

/// What is in a key file, whatever its form.
struct Material {
  Form form = Form::public_pem;
  std::optional<jose::SigningKey> private_key = {};
  std::vector<jose::Jwk> keys = {};  ///< public parts of all keys, the private one's too
  std::vector<jose::SkippedKey> skipped = {};
};

/// The content of a file that may hold a private key, and whether others can read it.
struct KeyFile {
  Secret content;
  bool exposed = false;
};

/// Reads a file of at most 512 KiB, a pipe or a device. Does not check its mode.
Result<KeyFile> read_key_file(const std::filesystem::path& path);

/// The form of the content, by its first lines and members only.
Result<Form> form_of(std::string_view content);

/// Reads PEM, JWK or JWKS, private or public. An encrypted PEM with an empty passphrase is
/// Errc::needs_person. `alg` chooses among what fits the key (RS256 and PS256 for RSA).
Result<Material> read_material(const Secret& content, const Secret& passphrase,
                               std::optional<crypto::Algorithm> alg = {});

/// Warnings for a person about a key file that can be used.
std::vector<std::string> warnings(const Material& material, bool exposed);

}  // namespace mcpauth::keys
