#include "core/crypto/ecdsa.hpp"

#include "core/crypto/ossl.hpp"

namespace mcpauth::crypto::ecdsa {

Result<Bytes> der_from_raw(BytesView raw, std::size_t field_size) {
  const auto number = [&raw, field_size](std::size_t offset) {
    return ossl::Bignum(BN_bin2bn(raw.data() + offset, static_cast<int>(field_size), nullptr));
  };
  const ossl::EcdsaSig signature(ECDSA_SIG_new());
  ossl::Bignum r = number(0);
  ossl::Bignum s = number(field_size);
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
    return ossl::failure("read a signature");
  }
  std::ignore = r.release();  // the signature owns them now
  std::ignore = s.release();
  const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
  if (size <= 0) return ossl::failure("encode a signature");
  Bytes der(static_cast<std::size_t>(size));
  std::uint8_t* out = der.data();
  if (i2d_ECDSA_SIG(signature.get(), &out) != size) return ossl::failure("encode a signature");
  return der;
}

Result<Bytes> raw_from_der(BytesView der, std::size_t field_size) {
  const std::uint8_t* in = der.data();
  const ossl::EcdsaSig signature(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
  if (!signature) return ossl::failure("read a signature");
  Bytes raw(field_size * 2);
  const int size = static_cast<int>(field_size);
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), size) != size ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + size, size) != size) {
    return ossl::failure("encode a signature");
  }
  return raw;
}

}  // namespace mcpauth::crypto::ecdsa
