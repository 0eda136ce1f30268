#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace mcpauth::base64url {

/// RFC 4648 section 5 without padding (RFC 7515 section 2).
std::string encode(BytesView bytes);
/// The same into memory that is wiped, for the private members of a JWK.
Secret encode_secret(BytesView bytes);

/// Strict: only the URL alphabet, no padding, no white space, unused bits zero; so every byte
/// string has exactly one text.
Result<Bytes> decode(std::string_view text);

/// The same into memory that is wiped.
Result<Secret> decode_secret(std::string_view text);

}  // namespace mcpauth::base64url
