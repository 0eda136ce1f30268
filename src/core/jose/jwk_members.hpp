#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/jose/jwk.hpp"

// Private to core/jose: the parts of reading that public and private JWKs share.
namespace mcpauth::jose {

inline constexpr std::size_t kMaxKidBytes = 1024;
/// The members that hold private or symmetric material (RFC 7518 section 6, RFC 8037 section 2).
inline constexpr std::string_view kPrivateMembers[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

/// The members of a JWK besides the key itself.
struct JwkUse {
  crypto::KeyType type = crypto::KeyType::p256;
  std::string kid = {};
  std::optional<crypto::Algorithm> alg = {};
};

Error refused(std::string_view reason, std::string message);

/// Checks `kty`, `crv`, `use`, `key_ops` (which must hold `operation`), `alg` and `kid`.
Result<JwkUse> read_use(const json::Value& jwk, std::string_view operation);

/// The public numbers, base64url decoded; lengths and points are not checked yet.
Result<crypto::PublicParts> read_public_parts(const json::Value& jwk, crypto::KeyType type);

/// A member of a JWK that must be there and be a string.
Result<std::string_view> text_member(const json::Value& jwk, std::string_view name);

}  // namespace mcpauth::jose
