#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace mcpauth::policy::lint {

/// Something in a text that looks like a credential. What it is is told, never its text.
struct Secret {
  std::size_t begin = 0;
  std::size_t length = 0;
  std::string_view what;  ///< "a GitHub token", "a private key"
};

enum class SecretsIn { names, sentences };

/// The tokens of well-known services, JWTs, PEM, and passwords in URLs. In sentences, where no
/// identifier is expected, also long strings that look drawn by chance: more than 32 characters
/// with capitals, small letters and digits all mixed up (so neither digests nor paths).
std::vector<Secret> secrets_in(std::string_view text, SecretsIn where);

}  // namespace mcpauth::policy::lint
