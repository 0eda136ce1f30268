#include <openssl/err.h>

#include "core/crypto/ecdsa.hpp"
#include "core/crypto/ossl.hpp"
#include "core/crypto/public_state.hpp"

namespace mcpauth::crypto {
namespace {

/// OpenSSL's answer has three values: 1 valid, 0 wrong, negative failed.
Result<bool> answer(int outcome) {
  if (outcome == 1) return true;
  if (outcome < 0) return ossl::failure("verify a signature");
  ERR_clear_error();
  return false;
}

Result<std::unique_ptr<VerifyContext>> make_context(EVP_PKEY* key, Algorithm algorithm) {
  auto context = std::make_unique<VerifyContext>(
      VerifyContext{.algorithm = algorithm, .pkey = {}, .digest = ossl::MdCtx(EVP_MD_CTX_new())});
  if (!context->digest) return ossl::failure("prepare a verification");
  if (algorithm == Algorithm::eddsa) return context;
  context->pkey.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context->pkey || EVP_PKEY_verify_init(context->pkey.get()) != 1 ||
      !ossl::configure(context->pkey.get(), algorithm)) {
    return ossl::failure("prepare a verification");
  }
  return context;
}

Result<bool> verify_eddsa(const VerifyContext& context, EVP_PKEY* key, BytesView message,
                          BytesView signature) {
  // OpenSSL does not document that a context can verify twice after one initialisation.
  if (EVP_DigestVerifyInit_ex(context.digest.get(), nullptr, nullptr, nullptr, nullptr, key,
                              nullptr) != 1) {
    return ossl::failure("prepare a verification");
  }
  return answer(EVP_DigestVerify(context.digest.get(), signature.data(), signature.size(),
                                 message.data(), message.size()));
}

Result<bool> verify_digest(const VerifyContext& context, BytesView message, BytesView signature) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest;  // NOLINT(*-member-init): filled below
  unsigned size = 0;
  EVP_MD_CTX* hash = context.digest.get();
  if (EVP_DigestInit_ex2(hash, ossl::digest_of(context.algorithm), nullptr) != 1 ||
      EVP_DigestUpdate(hash, message.data(), message.size()) != 1 ||
      EVP_DigestFinal_ex(hash, digest.data(), &size) != 1) {
    return ossl::failure("hash a message");
  }
  return answer(
      EVP_PKEY_verify(context.pkey.get(), signature.data(), signature.size(), digest.data(), size));
}

std::size_t signature_size(const PublicParts& parts) {
  return parts.type == KeyType::rsa ? parts.n.size() : 2 * ossl::field_size(parts.type);
}

}  // namespace

IdleContexts::~IdleContexts() {
  for (auto& slot : slots_)
    delete slot.load();
}

std::size_t IdleContexts::slot_of_thread() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t kSlot = threads.fetch_add(1, std::memory_order_relaxed);
  return kSlot % kSlots;
}

std::unique_ptr<VerifyContext> IdleContexts::take(Algorithm algorithm) const {
  std::unique_ptr<VerifyContext> context(
      slots_[slot_of_thread()].exchange(nullptr, std::memory_order_acq_rel));
  if (context && context->algorithm != algorithm) return nullptr;
  return context;
}

void IdleContexts::give_back(std::unique_ptr<VerifyContext> context) const {
  delete slots_[slot_of_thread()].exchange(context.release(), std::memory_order_acq_rel);
}

Result<bool> PublicKey::verify(Algorithm algorithm, BytesView message, BytesView signature) const {
  const KeyType type = state_->parts.type;
  if (!fits(algorithm, type) || signature.size() != signature_size(state_->parts)) return false;

  auto context = state_->idle.take(algorithm);
  if (!context) {
    TRY(context, make_context(state_->key.get(), algorithm));
  }
  Result<bool> good = false;
  if (type == KeyType::ed25519) {
    good = verify_eddsa(*context, state_->key.get(), message, signature);
  } else if (type == KeyType::rsa) {
    good = verify_digest(*context, message, signature);
  } else {
    TRY(const Bytes der, ecdsa::der_from_raw(signature, ossl::field_size(type)));
    good = verify_digest(*context, message, der);
  }
  if (good) state_->idle.give_back(std::move(context));
  return good;
}

}  // namespace mcpauth::crypto
