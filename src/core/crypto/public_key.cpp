#include <bit>

#include <openssl/pem.h>

#include "core/base/panic.hpp"
#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/crypto/edwards.hpp"
#include "core/crypto/pem.hpp"
#include "core/crypto/public_state.hpp"

namespace mcpauth::crypto {
namespace {

Error weak(std::string message) {
  return Error{.code = Errc::input, .message = std::move(message), .reason = reason::kKeyWeak};
}

unsigned bit_length(BytesView number) {
  return static_cast<unsigned>(number.size() - 1) * 8 +
         static_cast<unsigned>(std::bit_width(number.front()));
}

// OpenSSL's own check of an RSA key tests that the modulus is composite. That takes 5 to 100 ms, so
// a hostile key set could burn our time with it. A badly made modulus hurts only the issuer that
// published it, so only size and form are checked.
Result<void> check_rsa(const PublicParts& parts) {
  if (parts.n.empty() || parts.e.empty())
    return ossl::invalid_key("an RSA key needs a modulus and exponent");
  if (parts.n.front() == 0 || parts.e.front() == 0) {
    return ossl::invalid_key("the RSA modulus or exponent has leading zero bytes");
  }
  const unsigned bits = bit_length(parts.n);
  if (bits < kMinRsaBits || bits > kMaxRsaBits) {
    return weak(
        text::format("the RSA modulus has {} bits, not {} to {}", bits, kMinRsaBits, kMaxRsaBits));
  }
  if (parts.n.back() % 2 == 0) return ossl::invalid_key("the RSA modulus is even");
  if (parts.e.size() > 4) return weak("the RSA exponent is over 32 bits");
  if (parts.e.back() % 2 == 0) return ossl::invalid_key("the RSA exponent is even");
  if (parts.e.size() == 1 && parts.e.front() < 3) return weak("the RSA exponent is 1");
  return {};
}

Result<void> check_lengths(const PublicParts& parts) {
  const std::size_t size = ossl::field_size(parts.type);
  if (parts.x.size() != size || parts.y.size() != size) {
    return ossl::invalid_key(text::format("the coordinates of a {} key must have {} bytes each",
                                          name(parts.type), size));
  }
  return {};
}

ossl::Pkey make_public_key(const PublicParts& parts) {
  ossl::Params params;
  Bytes point;
  if (parts.type == KeyType::rsa) {
    params.number(OSSL_PKEY_PARAM_RSA_N, parts.n);
    params.number(OSSL_PKEY_PARAM_RSA_E, parts.e);
  } else if (parts.type == KeyType::ed25519) {
    params.octets(OSSL_PKEY_PARAM_PUB_KEY, parts.x);
  } else {
    point = ossl::point(parts);
    params.text(OSSL_PKEY_PARAM_GROUP_NAME, ossl::group_name(parts.type));
    params.octets(OSSL_PKEY_PARAM_PUB_KEY, point);
  }
  return params.make_key(ossl::type_name(parts.type), EVP_PKEY_PUBLIC_KEY);
}

bool is_ec(KeyType type) {
  return type != KeyType::rsa && type != KeyType::ed25519;
}

Result<void> check_ec_point(EVP_PKEY* key) {
  const ossl::PkeyCtx context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context) return ossl::failure("check an EC key");
  if (EVP_PKEY_public_check(context.get()) != 1) {
    return ossl::invalid_key(ossl::failure("accept the EC key").message);
  }
  return {};
}

unsigned bits_of(const PublicParts& parts) {
  switch (parts.type) {
    case KeyType::rsa:
      return bit_length(parts.n);
    case KeyType::p384:
      return 384;
    case KeyType::p521:
      return 521;
    case KeyType::p256:
    case KeyType::ed25519:
      return 256;
  }
  return 0;
}

}  // namespace

Result<void> check_public_parts(const PublicParts& parts) {
  switch (parts.type) {
    case KeyType::rsa:
      return check_rsa(parts);
    case KeyType::ed25519:
      return edwards::check_point(parts.x);
    case KeyType::p256:
    case KeyType::p384:
    case KeyType::p521:
      return check_lengths(parts);
  }
  return ossl::invalid_key("unknown kind of key");
}

std::shared_ptr<const PublicKey::State> PublicKey::State::make(const PublicParts& parts) {
  auto key = make_public_key(parts);
  if (!key) return nullptr;
  return std::make_shared<const State>(std::move(key), parts, bits_of(parts));
}

Result<PublicKey> PublicKey::from_parts(const PublicParts& parts) {
  TRY_VOID(check_public_parts(parts));
  auto state = State::make(parts);
  if (!state) return ossl::invalid_key(ossl::failure("accept the public key").message);
  if (is_ec(parts.type)) TRY_VOID(check_ec_point(state->key.get()));
  return PublicKey(std::move(state));
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
  TRY_VOID(pem::check_frame(pem, "PUBLIC KEY"));
  const ossl::Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return ossl::failure("read the PEM");
  const ossl::Pkey key(PEM_read_bio_PUBKEY(bio.get(), nullptr, pem::no_passphrase, nullptr));
  if (!key) return ossl::invalid_key(ossl::failure("read the public key").message);
  TRY(const KeyType type, ossl::type_of(key.get()));
  TRY(const auto parts, ossl::public_parts(key.get(), type));
  return from_parts(parts);
}

KeyType PublicKey::type() const {
  return state_->parts.type;
}
unsigned PublicKey::bits() const {
  return state_->bits;
}
PublicParts PublicKey::parts() const {
  return state_->parts;
}

std::string PublicKey::to_pem() const {
  const ossl::Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), state_->key.get()) != 1) panic("cannot write a PEM");
  return std::string(pem::content(bio.get()));
}

}  // namespace mcpauth::crypto
