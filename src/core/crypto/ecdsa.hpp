#pragma once

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace mcpauth::crypto::ecdsa {

/// The DER form of a JWS signature r || s (RFC 7518 section 3.4), each `field_size` bytes. The
/// length must have been checked. The verification checks the range of r and s.
Result<Bytes> der_from_raw(BytesView raw, std::size_t field_size);

/// The JWS form of a DER signature.
Result<Bytes> raw_from_der(BytesView der, std::size_t field_size);

}  // namespace mcpauth::crypto::ecdsa
