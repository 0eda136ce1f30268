#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "core/crypto/ossl.hpp"

namespace mcpauth::crypto::pem {

/// Checks that a text is one PEM block whose label ends in `label`, with nothing but white space
/// around it. An "EC PARAMETERS" block before it is allowed, because `openssl ecparam` writes one.
Result<void> check_frame(std::string_view text, std::string_view label);

/// A callback for PEM readers that must not ask: OpenSSL's default prompts on the terminal.
int no_passphrase(char* buffer, int size, int writing, void* data);

/// The content of a memory BIO; valid as long as the BIO.
std::string_view content(BIO* bio);

/// Reads a private key block, and decrypts it if it is encrypted.
Result<ossl::Pkey> read_private(const Secret& text, const Secret& passphrase);

/// Writes PKCS#8, encrypted when there is a passphrase.
Result<Secret> write_private(const EVP_PKEY* key, const Secret& passphrase);

}  // namespace mcpauth::crypto::pem
