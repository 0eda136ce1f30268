#include "core/keys/material.hpp"

#include <doctest/doctest.h>

#include "core/codec/json.hpp"
#include "help.hpp"

namespace mcpauth::keys {
namespace {

using test::contains;

Result<Material> read(std::string_view text, std::string_view passphrase = {}) {
  return read_material(Secret::copy_of(text), Secret::copy_of(passphrase));
}

}  // namespace

TEST_CASE("keys/material: every form of a key is known and read") {
  const auto key = test::new_key(crypto::Algorithm::es384, crypto::KeyType::p384);
  const auto public_key = key.key.public_key();
  const auto secret = Secret::copy_of("correct horse");
  const auto jwk = json::write(json::Value(jose::to_jwk(public_key, key.kid, key.alg)));
  struct Case {
    std::string text;
    Form form;
    bool is_private;
  };
  const Case cases[] = {
      {std::string(key.key.to_pem()->reveal_text()), Form::private_pem, true},
      {std::string(key.key.to_pem(secret)->reveal_text()), Form::encrypted_pem, true},
      {public_key.to_pem(), Form::public_pem, false},
      {std::string(jose::to_private_jwk(key).reveal_text()), Form::private_jwk, true},
      {jwk, Form::public_jwk, false},
      {"\n  " + jwk, Form::public_jwk, false},
      {jose::KeySet({{public_key, key.kid, key.alg}}).to_json(), Form::key_set, false},
  };
  for (const Case& given : cases) {
    CAPTURE(name(given.form));
    const auto material = read(given.text, "correct horse");
    REQUIRE(material);
    CHECK(material->form == given.form);
    CHECK(material->private_key.has_value() == given.is_private);
    REQUIRE(material->keys.size() == 1);
    CHECK(jose::thumbprint(material->keys[0].key) == key.kid);
  }
}

TEST_CASE("keys/material: an encrypted key without its passphrase needs a person") {
  const auto key = test::new_key();
  const auto pem = key.key.to_pem(Secret::copy_of("pass"));
  const auto material = read_material(*pem, {});
  REQUIRE_FALSE(material);
  CHECK(material.error().code == Errc::needs_person);
  CHECK_FALSE(read_material(*pem, Secret::copy_of("wrong")));
}

TEST_CASE("keys/material: a file that is not a key is described") {
  const auto says = [](std::string_view text) {
    const auto material = read(text);
    REQUIRE_FALSE(material);
    CHECK(material.error().code == Errc::input);
    return material.error().message;
  };
  CHECK(says("") == "the key is empty");
  CHECK(says(" \n") == "the key is empty");
  CHECK(says("-----BEGIN CERTIFICATE-----\n") == "this is a certificate, not a key");
  CHECK(says("-----BEGIN X509 CRL-----\n") ==
        "this PEM contains neither a private nor a public key");
  CHECK(says("\x30\x82") == "this is neither PEM nor a JWK");
}

TEST_CASE("keys/material: an algorithm may be chosen where it fits, and only there") {
  const auto rsa = test::new_key(crypto::Algorithm::rs256, crypto::KeyType::rsa);
  const auto pem = Secret::copy_of(rsa.key.public_key().to_pem());
  const auto chosen = read_material(pem, {}, crypto::Algorithm::ps512);
  REQUIRE(chosen);
  CHECK(chosen->keys[0].alg == crypto::Algorithm::ps512);
  const auto wrong = read_material(pem, {}, crypto::Algorithm::es256);
  REQUIRE_FALSE(wrong);
  CHECK(contains(wrong.error().message, "ES256"));
}

}  // namespace mcpauth::keys
