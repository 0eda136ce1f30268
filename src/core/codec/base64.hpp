#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace mcpauth::base64 {

/// RFC 4648 section 4, with padding, as in signed notes and checkpoints. Tokens use base64url.
std::string encode(BytesView bytes);

/// Strict: only the standard alphabet, exactly the padding that the length asks for, no white
/// space, unused bits zero; so every byte string has exactly one text.
Result<Bytes> decode(std::string_view text);

}  // namespace mcpauth::base64
