#include "core/crypto/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "core/base/panic.hpp"
#include "core/codec/base64url.hpp"
#include "core/crypto/ossl.hpp"

namespace mcpauth::crypto {

void leave_tables_at_exit() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

Digest256 sha256(BytesView bytes) {
  Digest256 digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr,
                 ossl::digest_of(Algorithm::es256), nullptr) != 1) {
    panic("SHA-256 failed");
  }
  return digest;
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_ ||
      EVP_DigestInit_ex2(context_.get(), ossl::digest_of(Algorithm::es256), nullptr) != 1) {
    panic("SHA-256 failed");
  }
}

void Sha256::start() {
  if (EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) != 1) panic("SHA-256 failed");
}

void Sha256::add(BytesView bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) panic("SHA-256 failed");
}

Digest256 Sha256::finish() {
  Digest256 digest{};
  if (EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) panic("SHA-256 failed");
  return digest;
}

bool equal(BytesView a, BytesView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  if (RAND_bytes_ex(nullptr, out.data(), out.size(), 0) != 1) panic("no randomness");
}

std::string random_id(Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  return base64url::encode(bytes);
}

}  // namespace mcpauth::crypto
