#include <array>

#include <openssl/err.h>

#include "core/base/panic.hpp"
#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/crypto/ecdsa.hpp"
#include "core/crypto/pem.hpp"
#include "core/crypto/pkcs8.hpp"
#include "core/crypto/private_check.hpp"
#include "core/crypto/public_state.hpp"

namespace mcpauth::crypto {
namespace {

Result<Secret> private_number(const EVP_PKEY* key, const char* name, std::size_t size) {
  BIGNUM* raw = nullptr;
  const bool found = EVP_PKEY_get_bn_param(key, name, &raw) == 1;
  const ossl::Bignum number(raw);
  if (!found) return ossl::failure("read a private number");
  Secret bytes(size != 0 ? size : static_cast<std::size_t>(BN_num_bytes(number.get())));
  if (BN_bn2binpad(number.get(), bytes.writable().data(), static_cast<int>(bytes.size())) < 0) {
    return ossl::failure("read a private number");
  }
  return bytes;
}

Result<PrivateParts> private_parts(const EVP_PKEY* key) {
  TRY(const KeyType type, ossl::type_of(key));
  PrivateParts parts;
  TRY(parts.public_parts, ossl::public_parts(key, type));
  std::size_t size = ossl::field_size(type);
  if (type == KeyType::ed25519) {
    parts.d = Secret(size);
    if (EVP_PKEY_get_raw_private_key(key, parts.d.writable().data(), &size) != 1) {
      return ossl::failure("read a private key");
    }
    return parts;
  }
  if (type != KeyType::rsa) {
    TRY(parts.d, private_number(key, OSSL_PKEY_PARAM_PRIV_KEY, size));
    return parts;
  }
  TRY(parts.d, private_number(key, OSSL_PKEY_PARAM_RSA_D, 0));
  TRY(parts.p, private_number(key, OSSL_PKEY_PARAM_RSA_FACTOR1, 0));
  TRY(parts.q, private_number(key, OSSL_PKEY_PARAM_RSA_FACTOR2, 0));
  TRY(parts.dp, private_number(key, OSSL_PKEY_PARAM_RSA_EXPONENT1, 0));
  TRY(parts.dq, private_number(key, OSSL_PKEY_PARAM_RSA_EXPONENT2, 0));
  TRY(parts.qi, private_number(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, 0));
  return parts;
}

ossl::Pkey make_private_key(const PrivateParts& parts) {
  const PublicParts& open = parts.public_parts;
  ossl::Params params;
  if (open.type == KeyType::rsa) {
    params.number(OSSL_PKEY_PARAM_RSA_N, open.n);
    params.number(OSSL_PKEY_PARAM_RSA_E, open.e);
    params.number(OSSL_PKEY_PARAM_RSA_D, parts.d.reveal());
    params.number(OSSL_PKEY_PARAM_RSA_FACTOR1, parts.p.reveal());
    params.number(OSSL_PKEY_PARAM_RSA_FACTOR2, parts.q.reveal());
    params.number(OSSL_PKEY_PARAM_RSA_EXPONENT1, parts.dp.reveal());
    params.number(OSSL_PKEY_PARAM_RSA_EXPONENT2, parts.dq.reveal());
    params.number(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, parts.qi.reveal());
  } else if (open.type == KeyType::ed25519) {
    params.octets(OSSL_PKEY_PARAM_PUB_KEY, open.x);
    params.octets(OSSL_PKEY_PARAM_PRIV_KEY, parts.d.reveal());
  } else {
    params.text(OSSL_PKEY_PARAM_GROUP_NAME, ossl::group_name(open.type));
    params.octets(OSSL_PKEY_PARAM_PUB_KEY, ossl::point(open));
    params.number(OSSL_PKEY_PARAM_PRIV_KEY, parts.d.reveal());
  }
  return params.make_key(ossl::type_name(open.type), EVP_PKEY_KEYPAIR);
}

Result<Bytes> sign_eddsa(EVP_PKEY* key, BytesView message) {
  const ossl::MdCtx context(EVP_MD_CTX_new());
  Bytes signature(64);
  std::size_t size = signature.size();
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key, nullptr) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1 ||
      size != signature.size()) {
    return ossl::failure("sign");
  }
  return signature;
}

Result<Bytes> sign_digest(EVP_PKEY* key, Algorithm algorithm, BytesView message) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned digest_size = 0;
  const ossl::PkeyCtx context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t size = signature.size();
  if (!context ||
      EVP_Digest(message.data(), message.size(), digest.data(), &digest_size,
                 ossl::digest_of(algorithm), nullptr) != 1 ||
      EVP_PKEY_sign_init(context.get()) != 1 || !ossl::configure(context.get(), algorithm) ||
      EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest_size) != 1) {
    return ossl::failure("sign");
  }
  signature.resize(size);
  return signature;
}

}  // namespace

void PrivateKey::Free::operator()(evp_pkey_st* key) const noexcept {
  EVP_PKEY_free(key);
}

Result<PrivateKey> PrivateKey::generate(KeyType type, unsigned rsa_bits) {
  if (type == KeyType::rsa && (rsa_bits < kMinRsaBits || rsa_bits > kMaxRsaBits)) {
    return Error{
        .code = Errc::usage,
        .message = text::format("an RSA key must have {} to {} bits", kMinRsaBits, kMaxRsaBits),
        .reason = reason::kKeyWeak};
  }
  EVP_PKEY* key = nullptr;
  if (type == KeyType::rsa) {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(rsa_bits));
  } else if (type == KeyType::ed25519) {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  } else {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", ossl::group_name(type));
  }
  if (key == nullptr) return ossl::failure("make a key");
  return PrivateKey(key);
}

Result<PrivateKey> PrivateKey::from_pem(const Secret& pem, const Secret& passphrase) {
  if (const auto usual = pkcs8::read_usual(pem)) return from_parts(*usual);
  TRY(const auto key, pem::read_private(pem, passphrase));
  TRY(const auto parts, private_parts(key.get()));
  return from_parts(parts);
}

Result<PrivateKey> PrivateKey::from_parts(const PrivateParts& parts) {
  TRY_VOID(check_public_parts(parts.public_parts));
  TRY_VOID(check_private_lengths(parts));
  if (parts.public_parts.type == KeyType::rsa) TRY_VOID(check_rsa_numbers(parts));
  ossl::Pkey key = make_private_key(parts);
  if (!key) return ossl::invalid_key(ossl::failure("accept the private key").message);
  if (parts.public_parts.type != KeyType::rsa) TRY_VOID(check_pair(key.get(), parts));
  return PrivateKey(key.release());
}

KeyType PrivateKey::type() const {
  const auto type = ossl::type_of(key_.get());
  if (!type) panic("a private key of unknown type");
  return *type;
}

PublicKey PrivateKey::public_key() const {
  const auto parts = ossl::public_parts(key_.get(), type());
  if (!parts) panic("cannot read a public key");
  auto state = PublicKey::State::make(*parts);  // checked with the private numbers
  if (!state) panic("a private key with a bad public key");
  return PublicKey(std::move(state));
}

PrivateParts PrivateKey::parts() const {
  auto parts = private_parts(key_.get());
  if (!parts) panic("cannot read a private key");
  return *std::move(parts);
}

Result<Secret> PrivateKey::to_pem(const Secret& passphrase) const {
  return pem::write_private(key_.get(), passphrase);
}

Result<Bytes> PrivateKey::sign(Algorithm algorithm, BytesView message) const {
  const KeyType kind = type();
  if (!fits(algorithm, kind)) panic("signing with an algorithm that does not fit the key");
  if (kind == KeyType::ed25519) return sign_eddsa(key_.get(), message);
  TRY(auto signature, sign_digest(key_.get(), algorithm, message));
  if (kind == KeyType::rsa) return signature;
  return ecdsa::raw_from_der(signature, ossl::field_size(kind));
}

}  // namespace mcpauth::crypto
