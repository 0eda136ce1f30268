#include "core/crypto/private_check.hpp"

#include <array>

#include <openssl/err.h>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/crypto/digest.hpp"

namespace mcpauth::crypto {
namespace {

ossl::Bignum number(BytesView bytes) {
  ossl::Bignum bignum(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  if (bignum) BN_set_flags(bignum.get(), BN_FLG_CONSTTIME);
  return bignum;
}

/// The numbers of an RSA key, and the checks of their relations. A check is false when OpenSSL
/// fails, so that a failure refuses the key.
class RsaNumbers {
 public:
  explicit RsaNumbers(const PrivateParts& parts)
      : n_(number(parts.public_parts.n)),
        e_(number(parts.public_parts.e)),
        d_(number(parts.d.reveal())),
        p_(number(parts.p.reveal())),
        q_(number(parts.q.reveal())),
        dp_(number(parts.dp.reveal())),
        dq_(number(parts.dq.reveal())),
        qi_(number(parts.qi.reveal())),
        context_(BN_CTX_new()) {}

  bool complete() const { return n_ && e_ && d_ && p_ && q_ && dp_ && dq_ && qi_ && context_; }
  bool modulus_is_product() const {
    const ossl::Bignum product(BN_new());
    return product && BN_is_one(p_.get()) == 0 && BN_is_one(q_.get()) == 0 &&
           BN_mul(product.get(), p_.get(), q_.get(), context_.get()) == 1 &&
           BN_cmp(product.get(), n_.get()) == 0;
  }
  bool exponents_undo() const {
    return undoes(dp_, p_) && undoes(dq_, q_) && reduces_to(p_, dp_) && reduces_to(q_, dq_) &&
           BN_cmp(d_.get(), n_.get()) < 0;
  }
  bool coefficient_inverts() const {
    const ossl::Bignum one(BN_new());
    return one && BN_mod_mul(one.get(), qi_.get(), q_.get(), p_.get(), context_.get()) == 1 &&
           BN_is_one(one.get()) == 1 && BN_cmp(qi_.get(), p_.get()) < 0;
  }

 private:
  /// prime - 1
  static ossl::Bignum order(const ossl::Bignum& prime) {
    ossl::Bignum below(BN_dup(prime.get()));
    if (below && BN_sub_word(below.get(), 1) != 1) below.reset();
    return below;
  }
  /// exponent * e = 1 mod (prime - 1)
  bool undoes(const ossl::Bignum& exponent, const ossl::Bignum& prime) const {
    const ossl::Bignum modulus = order(prime);
    const ossl::Bignum one(BN_new());
    return modulus && one &&
           BN_mod_mul(one.get(), exponent.get(), e_.get(), modulus.get(), context_.get()) == 1 &&
           BN_is_one(one.get()) == 1;
  }
  /// d mod (prime - 1) = exponent
  bool reduces_to(const ossl::Bignum& prime, const ossl::Bignum& exponent) const {
    const ossl::Bignum modulus = order(prime);
    const ossl::Bignum rest(BN_new());
    return modulus && rest && BN_mod(rest.get(), d_.get(), modulus.get(), context_.get()) == 1 &&
           BN_cmp(rest.get(), exponent.get()) == 0;
  }

  ossl::Bignum n_, e_, d_, p_, q_, dp_, dq_, qi_;
  ossl::BnCtx context_;
};

}  // namespace

Result<void> check_private_lengths(const PrivateParts& parts) {
  const KeyType type = parts.public_parts.type;
  if (type != KeyType::rsa) {
    const std::size_t size = ossl::field_size(type);
    if (parts.d.size() == size) return {};
    return ossl::invalid_key(
        text::format("the private number of a {} key must have {} bytes", name(type), size));
  }
  for (const Secret* part : {&parts.d, &parts.p, &parts.q, &parts.dp, &parts.dq, &parts.qi}) {
    if (part->empty()) return ossl::invalid_key("a private RSA key needs d, p, q, dp, dq and qi");
    if (part->reveal().front() == 0)
      return ossl::invalid_key("a private RSA number has leading zero bytes");
    if (part->size() > parts.public_parts.n.size())
      return ossl::invalid_key("a private RSA number is too long");
  }
  return {};
}

Result<void> check_rsa_numbers(const PrivateParts& parts) {
  const RsaNumbers numbers(parts);
  if (!numbers.complete()) return ossl::failure("read the private numbers");
  if (!numbers.modulus_is_product())
    return ossl::invalid_key("the RSA modulus is not the product of p and q");
  if (!numbers.exponents_undo()) {
    return ossl::invalid_key("the private exponents do not belong to the public one");
  }
  if (!numbers.coefficient_inverts()) return ossl::invalid_key("the RSA coefficient is wrong");
  return {};
}

Result<void> check_pair(EVP_PKEY* key, const PrivateParts& parts) {
  const PublicParts& open = parts.public_parts;
  bool belongs = false;
  if (open.type == KeyType::ed25519) {
    const auto seed = parts.d.reveal();
    const ossl::Pkey derived(
        EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, seed.data(), seed.size()));
    std::array<std::uint8_t, 32> x{};
    std::size_t size = x.size();
    belongs = derived && EVP_PKEY_get_raw_public_key(derived.get(), x.data(), &size) == 1 &&
              equal(x, open.x);
  } else {
    const ossl::PkeyCtx context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    belongs = context && EVP_PKEY_private_check(context.get()) == 1 &&
              EVP_PKEY_pairwise_check(context.get()) == 1;
  }
  if (belongs) return {};
  ERR_clear_error();
  return ossl::invalid_key("the private number does not belong to the public key");
}

}  // namespace mcpauth::crypto
