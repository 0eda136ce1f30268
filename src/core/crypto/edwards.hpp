#pragma once

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace mcpauth::crypto::edwards {

/// Checks the encoding of an Ed25519 public key (RFC 8032 section 5.1.3), which OpenSSL does not: y
/// is reduced, and the point is on the curve and not of low order. With a point of low order, one
/// signature is valid for many messages.
Result<void> check_point(BytesView encoded);

}  // namespace mcpauth::crypto::edwards
