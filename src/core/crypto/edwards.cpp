#include "core/crypto/edwards.hpp"

#include "core/base/reason.hpp"
#include "core/crypto/ossl.hpp"

namespace mcpauth::crypto::edwards {
namespace {

constexpr const char* kPrime = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
constexpr const char* kD = "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3";
// The y of all points whose order divides 8: orders 4, 1, 2 and twice 8.
constexpr const char* kLowOrder[] = {
    "0", "1", "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
    "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
    "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"};

ossl::Bignum from_hex(const char* hex) {
  BIGNUM* number = nullptr;
  BN_hex2bn(&number, hex);
  return ossl::Bignum(number);
}

Error refusal(std::string message) {
  return Error{.code = Errc::input, .message = std::move(message), .reason = reason::kKeyInvalid};
}

/// Whether x^2 = (y^2 - 1) / (d y^2 + 1) has a root: the quotient is a square exactly when the
/// product is.
Result<bool> is_on_curve(const BIGNUM* y, const BIGNUM* prime) {
  const ossl::BnCtx context(BN_CTX_new());
  const ossl::Bignum d = from_hex(kD);
  const ossl::Bignum u(BN_new());
  const ossl::Bignum v(BN_new());
  BN_CTX* ctx = context.get();
  if (!context || !d || !u || !v || BN_mod_sqr(u.get(), y, prime, ctx) != 1 ||
      BN_mod_mul(v.get(), u.get(), d.get(), prime, ctx) != 1 || BN_sub_word(u.get(), 1) != 1 ||
      BN_add_word(v.get(), 1) != 1 || BN_mod_mul(u.get(), u.get(), v.get(), prime, ctx) != 1) {
    return ossl::failure("check an Ed25519 key");
  }
  const int symbol = BN_kronecker(u.get(), prime, ctx);
  if (symbol < -1) return ossl::failure("check an Ed25519 key");
  return symbol == 1;
}

}  // namespace

Result<void> check_point(BytesView encoded) {
  if (encoded.size() != 32) return refusal("an Ed25519 public key must have 32 bytes");
  Bytes bytes(encoded.begin(), encoded.end());
  bytes.back() &= 0x7FU;  // the sign of x
  const ossl::Bignum y(BN_lebin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  const ossl::Bignum prime = from_hex(kPrime);
  if (!y || !prime) return ossl::failure("check an Ed25519 key");
  if (BN_cmp(y.get(), prime.get()) >= 0) {
    return refusal("the Ed25519 public key is not in its one encoding");
  }
  for (const char* hex : kLowOrder) {
    const ossl::Bignum low = from_hex(hex);
    if (!low) return ossl::failure("check an Ed25519 key");
    if (BN_cmp(y.get(), low.get()) == 0) {
      return refusal("the Ed25519 public key is a point of low order");
    }
  }
  TRY(const bool on_curve, is_on_curve(y.get(), prime.get()));
  if (!on_curve) return refusal("the Ed25519 public key is not a point of the curve");
  return {};
}

}  // namespace mcpauth::crypto::edwards
