#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/codec/json.hpp"
#include "core/jose/jwk.hpp"

namespace mcpauth::jose {

inline constexpr std::size_t kMaxTokenBytes = 64 * 1024;

/// A compact JWS (RFC 7515 section 7.1), parsed and not verified. The views point into the text
/// that it was parsed from, which must outlive it.
struct Jws {
  std::string_view signing_input;  ///< "header.payload" as it was received
  json::Value header;              ///< an object
  std::string_view payload_text;   ///< base64url
  Bytes payload;
  Bytes signature;

  /// Members of the header; empty when absent or not a string.
  std::string_view alg() const;
  std::string_view kid() const;
  std::string_view typ() const;
};

/// Strict: three parts, strict base64url and JSON. The Error's reason is kEncrypted for a JWE (five
/// parts), kTooLarge for more than 64 KiB and kMalformed for the rest. Does not check what the
/// header says.
Result<Jws> parse_jws(std::string_view token);

/// Signs to header.payload.signature. The header is written as given and must hold `alg` and `kid`.
Result<std::string> sign_jws(const SigningKey& key, const json::Object& header, BytesView payload);

/// Signs a JWT of ours. Its header has alg, kid and typ; its payload is json::write of the claims.
Result<std::string> sign_jwt(const SigningKey& key, std::string_view typ,
                             const json::Object& claims);

}  // namespace mcpauth::jose
