#pragma once

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace mcpauth::crypto::edwards {

/// Checks the encoding of an Ed25519 public key (RFC 8032 section 5.1.3), which OpenSSL takes
/// unseen: y reduced, a point of the curve, and not one of low order, under which one signature is
/// good for many messages.
Result<void> check_point(BytesView encoded);

}  // namespace mcpauth::crypto::edwards
