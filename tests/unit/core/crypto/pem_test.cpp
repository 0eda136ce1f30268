#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "core/crypto/key.hpp"

using namespace mcpauth;
using crypto::KeyType;
using crypto::PrivateKey;
using crypto::PublicKey;

namespace {

constexpr KeyType kTypes[] = {KeyType::p256, KeyType::p384, KeyType::p521, KeyType::ed25519,
                              KeyType::rsa};

bool same(const PublicKey& a, const PublicKey& b) {
  return a.to_pem() == b.to_pem();
}

}  // namespace

TEST_CASE("crypto/pem: a private key of every type comes back from PKCS#8") {
  for (const auto type : kTypes) {
    CAPTURE(crypto::name(type));
    const auto key = PrivateKey::generate(type).value();
    const auto pem = key.to_pem();
    REQUIRE(pem);
    CHECK(pem->reveal_text().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    const auto back = PrivateKey::from_pem(*pem);
    REQUIRE(back);
    CHECK(back->type() == type);
    CHECK(same(back->public_key(), key.public_key()));
  }
}

TEST_CASE("crypto/pem: an encrypted key opens with its passphrase only, and never prompts") {
  const auto key = PrivateKey::generate(KeyType::p256).value();
  const auto passphrase = Secret::copy_of("correct horse");
  const auto pem = key.to_pem(passphrase).value();
  CHECK(pem.reveal_text().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  const auto back = PrivateKey::from_pem(pem, passphrase);
  REQUIRE(back);
  CHECK(same(back->public_key(), key.public_key()));

  const auto none = PrivateKey::from_pem(pem);
  REQUIRE(!none);
  CHECK(none.error().code == Errc::needs_person);
  const auto wrong = PrivateKey::from_pem(pem, Secret::copy_of("battery"));
  REQUIRE(!wrong);
  CHECK(wrong.error().code == Errc::input);
  CHECK(wrong.error().message.find("passphrase") != std::string::npos);
  const auto endless = PrivateKey::from_pem(pem, Secret(5000));
  CHECK(!endless);
}

TEST_CASE("crypto/pem: a public key of every type comes back from its PEM") {
  for (const auto type : kTypes) {
    CAPTURE(crypto::name(type));
    const auto key = PrivateKey::generate(type).value().public_key();
    const auto back = PublicKey::from_pem("\n" + key.to_pem() + "\n");
    REQUIRE(back);
    CHECK(back->type() == type);
    CHECK(back->bits() == key.bits());
    CHECK(same(*back, key));
  }
}

TEST_CASE("crypto/pem: what is not one block of the wanted kind is refused by name") {
  const auto key = PrivateKey::generate(KeyType::p256).value();
  const std::string open = key.public_key().to_pem();
  const std::string secret(key.to_pem().value().reveal_text());
  const std::pair<std::string, std::string_view> texts[] = {
      {"", "not a PEM block"},
      {"hello", "not a PEM block"},
      {open.substr(0, 60), "not a PEM block"},
      {secret, "holds a `PRIVATE KEY`"},
      {open + open, "after the PEM block"},
      {open + "x", "after the PEM block"},
      {"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "read the public key"}};
  for (const auto& [text, why] : texts) {
    CAPTURE(text);
    const auto read = PublicKey::from_pem(text);
    REQUIRE(!read);
    CHECK(read.error().message.find(why) != std::string::npos);
    CHECK(read.error().reason == reason::kKeyInvalid);
  }
  const auto swapped = PrivateKey::from_pem(Secret::copy_of(open));
  REQUIRE(!swapped);
  CHECK(swapped.error().message.find("holds a `PUBLIC KEY`") != std::string::npos);
}

TEST_CASE("crypto/pem: the block that `openssl ecparam` writes before the key is let pass") {
  const std::string parameters =
      "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
  const auto key = PrivateKey::generate(KeyType::p256).value();
  const std::string pem = parameters + std::string(key.to_pem().value().reveal_text());
  CHECK(PrivateKey::from_pem(Secret::copy_of(pem)));
}

// Made by `openssl ec -no_public`: the public point has to be computed.
TEST_CASE("crypto/pem: an EC key without its public part is read all the same") {
  const auto key = PrivateKey::from_pem(Secret::copy_of(
      std::string_view("-----BEGIN PRIVATE KEY-----\n"
                       "MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCD/6e/nogp8UDVziU+4\n"
                       "40vGubhI1Bx31SOy9kOXpoMhSg==\n"
                       "-----END PRIVATE KEY-----\n")));
  REQUIRE(key);
  CHECK(key->public_key().to_pem() ==
        "-----BEGIN PUBLIC KEY-----\n"
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1ovJ1TbWwzaRUI75Mv3SDgB1ZQg6\n"
        "sKuVk/nEuLq+IP0akPGIlsC/UWR/Y4gBDKEsjXGIUlBzRMqVgq0M21Y3OQ==\n"
        "-----END PUBLIC KEY-----\n");
}

TEST_CASE("crypto/pem: a damaged PKCS#8 key of every type is refused, byte by byte") {
  for (const auto type : {KeyType::p256, KeyType::ed25519}) {
    const auto key = PrivateKey::generate(type).value();
    const std::string pem(key.to_pem().value().reveal_text());
    const auto start = pem.find('\n') + 1;
    for (std::size_t at = start; at < pem.find('=') && at < pem.find("\n-----END"); ++at) {
      auto damaged = pem;
      damaged[at] = damaged[at] == 'A' ? 'B' : 'A';
      const auto read = PrivateKey::from_pem(Secret::copy_of(damaged));
      // What is read is a whole pair: for Ed25519, whose public key is not in the file, another
      // one.
      if (read) CHECK(read->sign(crypto::default_algorithm(type), {}));
      if (read && type == KeyType::p256) CHECK(same(read->public_key(), key.public_key()));
    }
  }
}

TEST_CASE("crypto/pem: a private key of a kind that does not sign is refused by its name") {
  const auto x25519 = PrivateKey::from_pem(Secret::copy_of(
      std::string_view("-----BEGIN PRIVATE KEY-----\n"
                       "MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6UduSwq\n"
                       "-----END PRIVATE KEY-----\n")));
  REQUIRE(!x25519);
  CHECK(x25519.error().message == "keys of type `X25519` are not supported");
  CHECK(x25519.error().reason == reason::kKeyInvalid);
}
