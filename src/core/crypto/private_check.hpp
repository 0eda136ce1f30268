#pragma once

#include "core/crypto/ossl.hpp"

namespace mcpauth::crypto {

/// Checks that the private numbers are present and have the lengths of RFC 7518 sections 6.2.2 and
/// 6.3.2 or RFC 8037 section 2.
Result<void> check_private_lengths(const PrivateParts& parts);

/// Checks that n = p q, that d, dp and dq undo e, and that qi inverts q: the private numbers belong
/// to the public ones. Does not check that p and q are prime.
Result<void> check_rsa_numbers(const PrivateParts& parts);

/// Checks that the private number of an EC or Ed25519 key gives its public point.
Result<void> check_pair(EVP_PKEY* key, const PrivateParts& parts);

}  // namespace mcpauth::crypto
