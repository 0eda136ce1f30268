#include <thread>

#include <doctest/doctest.h>

#include "core/crypto/key.hpp"
#include "support/hex.hpp"

using namespace mcpauth;
using crypto::Algorithm;
using crypto::KeyType;
using test::from_hex;

namespace {

constexpr KeyType kTypes[] = {KeyType::p256, KeyType::p384, KeyType::p521, KeyType::ed25519,
                              KeyType::rsa};

const crypto::PrivateKey& key_of(KeyType type) {
  static const auto keys = [] {
    std::vector<crypto::PrivateKey> made;
    for (const auto kind : kTypes)
      made.push_back(crypto::PrivateKey::generate(kind).value());
    return made;
  }();
  return keys.at(static_cast<std::size_t>(type));
}

}  // namespace

TEST_CASE("crypto/verify: every algorithm signs and verifies with the keys that fit it") {
  const auto message = bytes_of("the message");
  for (const auto type : kTypes) {
    const auto& key = key_of(type);
    const auto open = key.public_key();
    for (const auto algorithm : crypto::algorithms()) {
      CAPTURE(crypto::name(type));
      CAPTURE(crypto::name(algorithm));
      if (!crypto::fits(algorithm, type)) {
        CHECK(!open.verify(algorithm, message, Bytes(64)).value());
        continue;
      }
      auto signature = key.sign(algorithm, message);
      REQUIRE(signature);
      CHECK(open.verify(algorithm, message, *signature).value());
      CHECK(open.verify(algorithm, message, *signature).value());  // with the context used before
      CHECK(!open.verify(algorithm, bytes_of("the massage"), *signature).value());
      for (const std::size_t at : {std::size_t{0}, signature->size() / 2, signature->size() - 1}) {
        auto changed = *signature;
        changed[at] ^= 1U;
        CHECK(!open.verify(algorithm, message, changed).value());
      }
      CHECK(open.verify(algorithm, message, *signature).value());
    }
  }
}

TEST_CASE("crypto/verify: a signature of any other length is wrong") {
  const auto message = bytes_of("m");
  for (const auto type : kTypes) {
    const auto algorithm = crypto::default_algorithm(type);
    auto signature = key_of(type).sign(algorithm, message).value();
    const auto open = key_of(type).public_key();
    CAPTURE(crypto::name(type));
    CHECK(!open.verify(algorithm, message, {}).value());
    const auto less = BytesView(signature).first(signature.size() - 1);
    CHECK(!open.verify(algorithm, message, less).value());
    signature.push_back(0);
    CHECK(!open.verify(algorithm, message, signature).value());
    signature.insert(signature.begin(), 0);
    CHECK(!open.verify(algorithm, message, signature).value());
  }
}

TEST_CASE("crypto/verify: r and s of 0, n and above n are wrong, never an error") {
  const auto open = key_of(KeyType::p256).public_key();
  const auto message = bytes_of("m");
  const auto n = from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  Bytes zero(32);
  Bytes most(32, 0xFF);
  Bytes one(32);
  one.back() = 1;
  for (const auto& r : {zero, one, n, most}) {
    for (const auto& s : {zero, one, n, most}) {
      Bytes signature = r;
      signature.insert(signature.end(), s.begin(), s.end());
      const auto good = open.verify(Algorithm::es256, message, signature);
      REQUIRE(good);
      CHECK(!*good);
    }
  }
}

TEST_CASE("crypto/verify: algorithms of one RSA key do not stand for each other") {
  const auto message = bytes_of("m");
  const auto& key = key_of(KeyType::rsa);
  const auto open = key.public_key();
  for (const auto signing : crypto::algorithms()) {
    if (!crypto::fits(signing, KeyType::rsa)) continue;
    const auto signature = key.sign(signing, message).value();
    for (const auto verifying : crypto::algorithms()) {
      CHECK(open.verify(verifying, message, signature).value() == (signing == verifying));
    }
  }
}

TEST_CASE("crypto/verify: Ed25519 reproduces RFC 8032 section 7.1, test 2") {
  crypto::PrivateParts parts;
  parts.public_parts.type = KeyType::ed25519;
  parts.public_parts.x =
      from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  parts.d =
      Secret::copy_of(from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  const auto key = crypto::PrivateKey::from_parts(parts);
  REQUIRE(key);
  const Bytes message{0x72};
  const auto signature = key->sign(Algorithm::eddsa, message);
  REQUIRE(signature);
  CHECK(*signature == from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                               "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
  CHECK(key->public_key().verify(Algorithm::eddsa, message, *signature).value());
}

TEST_CASE("crypto/verify: one key serves many threads") {
  const auto message = bytes_of("m");
  for (const auto type : {KeyType::p256, KeyType::ed25519, KeyType::rsa}) {
    const auto algorithm = crypto::default_algorithm(type);
    const auto open = key_of(type).public_key();
    const auto signature = key_of(type).sign(algorithm, message).value();
    auto wrong = signature;
    wrong.back() ^= 1U;
    std::atomic<int> mistakes{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 12; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 40; ++i) {
          if (!open.verify(algorithm, message, signature).value()) ++mistakes;
          if (open.verify(algorithm, message, wrong).value()) ++mistakes;
        }
      });
    }
    threads.clear();
    CHECK(mistakes == 0);
  }
}
