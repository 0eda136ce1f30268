#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace mcpauth::policy::lint {

/// The place of something that looks like a credential. Its text is never repeated.
struct Secret {
  std::size_t begin = 0;
  std::size_t length = 0;
  std::string_view what;  ///< "a GitHub token", "a private key"
};

enum class SecretsIn { names, sentences };

/// Finds tokens of well-known services, JWTs, PEM blocks, and passwords in URLs. In sentences,
/// which hold no identifiers, it also finds long random strings: more than 32 characters with
/// capitals, small letters and digits mixed, which neither digests nor paths have.
std::vector<Secret> secrets_in(std::string_view text, SecretsIn where);

}  // namespace mcpauth::policy::lint
