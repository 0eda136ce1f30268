#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace mcpauth::policy::lint {

/// A part of a text that looks like a credential. It has no copy of the text, only what it is.
struct Secret {
  std::size_t begin = 0;
  std::size_t length = 0;
  std::string_view what;  ///< "a GitHub token", "a private key"
};

enum class SecretsIn { names, sentences };

/// Finds tokens of well-known services, JWTs, PEM keys, and passwords in URLs. In sentences, where
/// no identifier is expected, it also finds long random strings: more than 32 characters in which
/// capitals, small letters and digits are mixed, which digests and paths are not.
std::vector<Secret> secrets_in(std::string_view text, SecretsIn where);

}  // namespace mcpauth::policy::lint
