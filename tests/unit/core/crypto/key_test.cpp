#include "core/crypto/key.hpp"

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "support/hex.hpp"

using namespace mcpauth;
using crypto::KeyType;
using crypto::PrivateKey;
using crypto::PrivateParts;
using crypto::PublicKey;
using crypto::PublicParts;
using test::from_hex;

namespace {

PublicParts some_parts(KeyType type) {
  return PrivateKey::generate(type).value().public_key().parts();
}

std::string_view refusal(const PublicParts& parts) {
  const auto key = PublicKey::from_parts(parts);
  return key ? "accepted" : key.error().reason;
}

std::string_view refusal(const PrivateParts& parts) {
  const auto key = PrivateKey::from_parts(parts);
  return key ? "accepted" : key.error().reason;
}

Bytes reversed(Bytes bytes) {
  return {bytes.rbegin(), bytes.rend()};
}

}  // namespace

TEST_CASE("crypto/key: the parts of a key make the same key") {
  for (const auto type :
       {KeyType::p256, KeyType::p384, KeyType::p521, KeyType::ed25519, KeyType::rsa}) {
    CAPTURE(crypto::name(type));
    const auto key = PrivateKey::generate(type).value();
    const auto open = PublicKey::from_parts(key.public_key().parts());
    REQUIRE(open);
    CHECK(open->to_pem() == key.public_key().to_pem());
    const auto back = PrivateKey::from_parts(key.parts());
    REQUIRE(back);
    CHECK(back->to_pem().value().reveal_text() == key.to_pem().value().reveal_text());
  }
}

TEST_CASE("crypto/key: bits are those of the curve or the modulus") {
  CHECK(PrivateKey::generate(KeyType::p521).value().public_key().bits() == 521);
  CHECK(PrivateKey::generate(KeyType::rsa, 3072).value().public_key().bits() == 3072);
}

TEST_CASE("crypto/key: EC coordinates of another length or off the curve are refused") {
  const auto good = some_parts(KeyType::p256);
  CHECK(refusal(good) == "accepted");
  auto parts = good;
  parts.y.back() ^= 1U;
  CHECK(refusal(parts) == reason::kKeyInvalid);
  parts = good;
  parts.x.insert(parts.x.begin(), 0);
  CHECK(refusal(parts) == reason::kKeyInvalid);
  parts = good;
  parts.y.clear();
  CHECK(refusal(parts) == reason::kKeyInvalid);
  parts = good;
  parts.x.assign(32, 0);
  parts.y.assign(32, 0);
  CHECK(refusal(parts) == reason::kKeyInvalid);
  parts = good;
  parts.x.assign(32, 0xFF);
  CHECK(refusal(parts) == reason::kKeyInvalid);
  parts = good;
  parts.type = KeyType::p384;
  CHECK(refusal(parts) == reason::kKeyInvalid);
}

TEST_CASE("crypto/key: Ed25519 points of low order, off the curve or not reduced are refused") {
  const auto p = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
  const std::string_view bad[] = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0000000000000000000000000000000000000000000000000000000000000001",
      "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
      "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
      "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
      p,
      "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee",
      "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "0000000000000000000000000000000000000000000000000000000000000002"};
  for (const auto big_endian : bad) {
    CAPTURE(big_endian);
    PublicParts parts{
        .type = KeyType::ed25519, .x = reversed(from_hex(big_endian)), .y = {}, .n = {}, .e = {}};
    CHECK(refusal(parts) == reason::kKeyInvalid);
    parts.x.back() |= 0x80U;
    CHECK(refusal(parts) == reason::kKeyInvalid);
  }
  PublicParts base{.type = KeyType::ed25519, .x = Bytes(32, 0x66), .y = {}, .n = {}, .e = {}};
  base.x.front() = 0x58;
  CHECK(refusal(base) == "accepted");  // the curve's base point
  base.x.push_back(0);
  CHECK(refusal(base) == reason::kKeyInvalid);
}

TEST_CASE("crypto/key: a weak or misformed RSA key is refused") {
  const auto good = some_parts(KeyType::rsa);
  CHECK(refusal(good) == "accepted");
  const auto with_n = [&good](std::size_t bytes, std::uint8_t first) {
    auto parts = good;
    parts.n.assign(bytes, 0xFF);
    parts.n.front() = first;
    return refusal(parts);
  };
  CHECK(with_n(128, 0xFF) == reason::kKeyWeak);
  CHECK(with_n(256, 0x7F) == reason::kKeyWeak);  // 2047 bits
  CHECK(with_n(256, 0x80) == "accepted");
  CHECK(with_n(1024, 0x80) == "accepted");
  CHECK(with_n(1025, 0x01) == reason::kKeyWeak);  // 8193 bits
  CHECK(with_n(257, 0x00) == reason::kKeyInvalid);
  auto even = good;
  even.n.back() &= 0xFEU;
  CHECK(refusal(even) == reason::kKeyInvalid);

  const auto with_e = [&good](Bytes e) {
    auto parts = good;
    parts.e = std::move(e);
    return refusal(parts);
  };
  CHECK(with_e({}) == reason::kKeyInvalid);
  CHECK(with_e({0}) == reason::kKeyInvalid);
  CHECK(with_e({1}) == reason::kKeyWeak);
  CHECK(with_e({2}) == reason::kKeyInvalid);
  CHECK(with_e({3}) == "accepted");
  CHECK(with_e({0, 3}) == reason::kKeyInvalid);
  CHECK(with_e({1, 0, 0}) == reason::kKeyInvalid);
  CHECK(with_e({0xFF, 0xFF, 0xFF, 0xFF}) == "accepted");
  CHECK(with_e({1, 0, 0, 0, 1}) == reason::kKeyWeak);
}

TEST_CASE("crypto/key: private numbers of another key are refused") {
  for (const auto type : {KeyType::p256, KeyType::p521, KeyType::ed25519}) {
    CAPTURE(crypto::name(type));
    auto mixed = PrivateKey::generate(type).value().parts();
    mixed.public_parts = some_parts(type);
    CHECK(refusal(mixed) == reason::kKeyInvalid);
    auto cut = PrivateKey::generate(type).value().parts();
    cut.d = cut.d.first(cut.d.size() - 1);
    CHECK(refusal(cut) == reason::kKeyInvalid);
  }
  PrivateParts zero = PrivateKey::generate(KeyType::p256).value().parts();
  zero.d = Secret(32);
  CHECK(refusal(zero) == reason::kKeyInvalid);
}

TEST_CASE("crypto/key: RSA numbers that do not belong together are refused, each of them") {
  const auto key = PrivateKey::generate(KeyType::rsa).value();
  CHECK(refusal(key.parts()) == "accepted");
  Secret PrivateParts::* const numbers[] = {&PrivateParts::d,  &PrivateParts::p,
                                            &PrivateParts::q,  &PrivateParts::dp,
                                            &PrivateParts::dq, &PrivateParts::qi};
  for (const auto number : numbers) {
    auto parts = key.parts();
    (parts.*number).writable().back() ^= 2U;
    CHECK(refusal(parts) == reason::kKeyInvalid);
    parts.*number = Secret();
    CHECK(refusal(parts) == reason::kKeyInvalid);
  }
  auto other = key.parts();
  other.public_parts = some_parts(KeyType::rsa);
  CHECK(refusal(other) == reason::kKeyInvalid);
}

TEST_CASE("crypto/key: weak RSA keys are not made") {
  for (const unsigned bits : {0U, 1024U, 2047U, 8193U}) {
    const auto key = PrivateKey::generate(KeyType::rsa, bits);
    REQUIRE(!key);
    CHECK(key.error().reason == reason::kKeyWeak);
  }
}

TEST_CASE("crypto/algorithm: names are exact, and HMAC and none have no algorithm") {
  for (const auto algorithm : crypto::algorithms()) {
    CHECK(crypto::algorithm_named(crypto::name(algorithm)) == algorithm);
  }
  CHECK(crypto::algorithm_named("Ed25519") == crypto::Algorithm::eddsa);
  for (const auto* name : {"", "none", "None", "HS256", "HS384", "HS512", "es256", "ES256 ",
                           "ES256K", "ES521", "RSA", "EdDSA\n", "Ed448"}) {
    CAPTURE(name);
    CHECK(!crypto::algorithm_named(name));
  }
}
