#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/codec/json.hpp"
#include "core/jose/jwk.hpp"

namespace mcpauth::jose {

inline constexpr std::size_t kMaxTokenBytes = 64 * 1024;

/// A compact JWS (RFC 7515 section 7.1), taken apart and not verified. The views point into the
/// text it was parsed from, which must outlive it.
struct Jws {
  std::string_view signing_input;  ///< "header.payload" as it came
  json::Value header;              ///< an object
  std::string_view payload_text;   ///< base64url
  Bytes payload;
  Bytes signature;

  /// Header members when they are strings, else empty.
  std::string_view alg() const;
  std::string_view kid() const;
  std::string_view typ() const;
};

/// Strict: three parts, strict base64url and JSON; a JWE (five parts) is kEncrypted, over 64 KiB is
/// kTooLarge, all else kMalformed. Does not judge the header's content.
Result<Jws> parse_jws(std::string_view token);

/// header.payload.signature. The header is written as given, so `alg` and `kid` must be in it.
Result<std::string> sign_jws(const SigningKey& key, const json::Object& header, BytesView payload);

/// A JWT of ours: header {alg, kid, typ}, payload the claims as written by json::write.
Result<std::string> sign_jwt(const SigningKey& key, std::string_view typ,
                             const json::Object& claims);

}  // namespace mcpauth::jose
