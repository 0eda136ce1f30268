#include "core/jose/jwk.hpp"

#include <doctest/doctest.h>

#include "core/base/reason.hpp"
#include "support/vectors.hpp"
#include "tokens.hpp"

using namespace mcpauth;
using crypto::Algorithm;
using test::signing_key;
using test::vector_of;

namespace {

json::Object members(Algorithm alg) {
  const auto& key = signing_key(alg);
  return jose::to_jwk(key.key.public_key(), key.kid, alg);
}

json::Object with(json::Object jwk, std::string name, json::Value value) {
  jwk.set(std::move(name), std::move(value));
  return jwk;
}

json::Object without(const json::Object& jwk, std::string_view name) {
  json::Object rest;
  for (const auto& member : jwk) {
    if (member.name != name) rest.set(member.name, member.value);
  }
  return rest;
}

std::string_view refusal(const json::Value& jwk) {
  const auto key = jose::parse_jwk(jwk);
  return key ? "accepted" : key.error().reason;
}

std::string_view private_refusal(std::string_view text) {
  const auto key = jose::parse_private_jwk(Secret::copy_of(text));
  return key ? "accepted" : key.error().reason;
}

std::string text_of_member(const json::Object& jwk, std::string_view name) {
  return *jwk.find(name)->string();
}

}  // namespace

TEST_CASE("jose/jwk: the thumbprint is that of RFC 7638 section 3.1") {
  const auto jwk = json::parse(vector_of("rfc7638/s3_1.txt", "key")).value();
  const auto key = jose::parse_jwk(jwk);
  REQUIRE(key);
  CHECK(key->kid == "2011-04-29");
  CHECK(key->alg == Algorithm::rs256);
  CHECK(jose::thumbprint(key->key) == vector_of("rfc7638/s3_1.txt", "thumbprint"));
}

TEST_CASE("jose/jwk: the key and thumbprint of RFC 8037 appendix A") {
  const auto jwk = json::parse(vector_of("rfc8037/a.txt", "key")).value();
  const auto key = jose::parse_jwk(jwk);
  REQUIRE(key);
  CHECK(key->key.type() == crypto::KeyType::ed25519);
  CHECK(jose::thumbprint(key->key) == vector_of("rfc8037/a.txt", "thumbprint"));
}

TEST_CASE("jose/jwk: a written public JWK reads back, with nothing private in it") {
  for (const auto alg : crypto::algorithms()) {
    CAPTURE(crypto::name(alg));
    const auto jwk = members(alg);
    const auto back = jose::parse_jwk(jwk);
    REQUIRE(back);
    CHECK(back->kid == crypto::name(alg));
    CHECK(back->alg == alg);
    CHECK(back->key.to_pem() == signing_key(alg).key.public_key().to_pem());
    for (const auto* name : {"d", "p", "q", "dp", "dq", "qi", "k"})
      CHECK(!jwk.find(name));
  }
}

TEST_CASE("jose/jwk: a symmetric key is refused whatever else it says") {
  CHECK(refusal(json::Object{{"kty", "oct"}, {"k", "AAAA"}}) == reason::kKeyNotPublic);
  CHECK(refusal(json::Object{{"kty", "oct"}, {"k", "AAAA"}, {"alg", "RS256"}}) ==
        reason::kKeyNotPublic);
}

TEST_CASE("jose/jwk: private members in a public key are refused, each of them") {
  for (const auto* name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
    CAPTURE(name);
    for (const auto alg : {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256}) {
      CHECK(refusal(with(members(alg), name, "AAAA")) == reason::kKeyNotPublic);
      CHECK(refusal(with(members(alg), name, nullptr)) == reason::kKeyNotPublic);
    }
  }
}

TEST_CASE("jose/jwk: a key for encryption or for signing only does not verify") {
  const auto jwk = members(Algorithm::es256);
  CHECK(refusal(with(jwk, "use", "enc")) == reason::kKeyUse);
  CHECK(refusal(with(jwk, "use", "SIG")) == reason::kKeyUse);
  CHECK(refusal(with(jwk, "use", nullptr)) == reason::kKeyUse);
  CHECK(refusal(without(jwk, "use")) == "accepted");
  CHECK(refusal(with(jwk, "key_ops", json::Array{"verify"})) == "accepted");
  CHECK(refusal(with(jwk, "key_ops", json::Array{"sign", "verify"})) == "accepted");
  CHECK(refusal(with(jwk, "key_ops", json::Array{"encrypt"})) == reason::kKeyUse);
  CHECK(refusal(with(jwk, "key_ops", json::Array{})) == reason::kKeyUse);
  CHECK(refusal(with(jwk, "key_ops", json::Array{"verify", 1})) == reason::kKeyUse);
  CHECK(refusal(with(jwk, "key_ops", "verify")) == reason::kKeyUse);
}

TEST_CASE("jose/jwk: alg must be known and fit the kind of key") {
  CHECK(refusal(with(members(Algorithm::es256), "alg", "RS256")) == reason::kAlgMismatch);
  CHECK(refusal(with(members(Algorithm::es256), "alg", "ES384")) == reason::kAlgMismatch);
  CHECK(refusal(with(members(Algorithm::rs256), "alg", "ES256")) == reason::kAlgMismatch);
  CHECK(refusal(with(members(Algorithm::rs256), "alg", "PS512")) == "accepted");
  CHECK(refusal(with(members(Algorithm::eddsa), "alg", "Ed25519")) == "accepted");
  for (const auto* alg : {"HS256", "none", "RSA-OAEP", "", "ES256K", "rs256"}) {
    CAPTURE(alg);
    CHECK(refusal(with(members(Algorithm::rs256), "alg", alg)) == reason::kAlgUnsupported);
  }
  CHECK(refusal(with(members(Algorithm::rs256), "alg", 1)) == reason::kKeyInvalid);
}

TEST_CASE("jose/jwk: missing, mistyped and misencoded members are refused") {
  const auto ec = members(Algorithm::es256);
  for (const auto* name : {"kty", "crv", "x", "y"}) {
    CAPTURE(name);
    CHECK(refusal(without(ec, name)) == reason::kKeyInvalid);
    CHECK(refusal(with(ec, name, 1)) == reason::kKeyInvalid);
    CHECK(refusal(with(ec, name, "")) == reason::kKeyInvalid);
  }
  for (const auto* name : {"n", "e"}) {
    CHECK(refusal(without(members(Algorithm::rs256), name)) == reason::kKeyInvalid);
  }
  const auto x = text_of_member(ec, "x");
  CHECK(refusal(with(ec, "x", x + "=")) == reason::kKeyInvalid);
  CHECK(refusal(with(ec, "x", x + "\n")) == reason::kKeyInvalid);
  CHECK(refusal(with(ec, "x", "AA" + x)) == reason::kKeyInvalid);
  CHECK(refusal(with(ec, "crv", "secp256k1")) == reason::kKeyInvalid);
  CHECK(refusal(with(ec, "crv", "P-384")) == reason::kAlgMismatch);
  CHECK(refusal(with(ec, "kid", 7)) == reason::kKeyInvalid);
  CHECK(refusal(with(ec, "kid", std::string(1025, 'k'))) == reason::kKeyInvalid);
  CHECK(refusal(with(members(Algorithm::eddsa), "crv", "X25519")) == reason::kKeyInvalid);
  CHECK(refusal(with(members(Algorithm::eddsa), "crv", "Ed448")) == reason::kKeyInvalid);
  CHECK(refusal(with(ec, "kty", "ec")) == reason::kKeyInvalid);
  CHECK(refusal(json::Array{}) == reason::kKeyInvalid);
}

TEST_CASE("jose/jwk: weak RSA keys are refused as weak") {
  const auto rsa = members(Algorithm::rs256);
  CHECK(refusal(with(rsa, "e", "AQ")) == reason::kKeyWeak);
  CHECK(refusal(with(rsa, "e", "AQAAAAE")) == reason::kKeyWeak);
  Bytes small(128, 0xFF);
  CHECK(refusal(with(rsa, "n", base64url::encode(small))) == reason::kKeyWeak);
}

TEST_CASE("jose/jwk: a private JWK of every algorithm comes back and signs") {
  for (const auto alg : crypto::algorithms()) {
    CAPTURE(crypto::name(alg));
    const auto& key = signing_key(alg);
    const auto text = jose::to_private_jwk(key);
    CHECK(text.reveal_text().ends_with("}\n"));
    const auto back = jose::parse_private_jwk(text);
    REQUIRE(back);
    CHECK(back->kid == key.kid);
    CHECK(back->alg == alg);
    CHECK(jose::to_private_jwk(*back).reveal_text() == text.reveal_text());
    const auto signature = back->key.sign(alg, bytes_of("m"));
    REQUIRE(signature);
    CHECK(key.key.public_key().verify(alg, bytes_of("m"), *signature).value());
  }
}

TEST_CASE(
    "jose/jwk: the private keys of RFC 7517 appendix A.2 are read; the one for encryption not") {
  const auto key = jose::parse_private_jwk(Secret::copy_of(vector_of("rfc7517/a2.txt", "rsa")));
  REQUIRE(key);
  CHECK(key->kid == "2011-04-29");
  CHECK(key->alg == Algorithm::rs256);
  CHECK(jose::thumbprint(key->key.public_key()) == vector_of("rfc7638/s3_1.txt", "thumbprint"));
  CHECK(private_refusal(vector_of("rfc7517/a2.txt", "ec")) == reason::kKeyUse);
}

TEST_CASE("jose/jwk: a private JWK without alg and kid gets the default and its thumbprint") {
  const auto key = jose::parse_private_jwk(Secret::copy_of(vector_of("rfc8037/a.txt", "private")));
  REQUIRE(key);
  CHECK(key->alg == Algorithm::eddsa);
  CHECK(key->kid == vector_of("rfc8037/a.txt", "thumbprint"));
}

TEST_CASE("jose/jwk: a private JWK is read as strictly as a public one") {
  const std::string good = vector_of("rfc8037/a.txt", "private");
  const auto changed = [&good](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  CHECK(private_refusal(good) == "accepted");
  CHECK(private_refusal(changed("\"d\":", "\"D\":")) == reason::kKeyInvalid);
  CHECK(private_refusal(changed("\"d\":", "\"\\u0064\":")) == reason::kKeyInvalid);
  CHECK(private_refusal(changed("nWGx", "nWGy")) == reason::kKeyInvalid);
  CHECK(private_refusal(changed("nWGx", "nWG")) == reason::kKeyInvalid);
  CHECK(private_refusal(changed("\"d\":\"nWGx", "\"d\":\"=nWGx")) == reason::kKeyInvalid);
  CHECK(private_refusal(changed("\"OKP\"", "\"oct\"")) == reason::kKeyNotPublic);
  CHECK(private_refusal(changed("{", "{\"key_ops\":[\"verify\"],")) == reason::kKeyUse);
  CHECK(private_refusal(changed("{", "{\"alg\":\"ES256\",")) == reason::kAlgMismatch);
  const std::string nested =
      changed("{", "{\"x-other\":{\"d\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"},");
  CHECK(private_refusal(nested) == "accepted");
}

TEST_CASE("jose/jwk: a second private member is refused, and no error quotes a private value") {
  std::string text = vector_of("rfc8037/a.txt", "private");
  text.insert(1, "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",");
  const auto twice = jose::parse_private_jwk(Secret::copy_of(text));
  REQUIRE(!twice);
  CHECK(twice.error().message.find("two members named `d`") != std::string::npos);
  for (const auto* broken :
       {"{\"kty\":\"OKP\",\"d\":\"hunter2\"", "{\"d\":\"hunter2\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\",\"d\":\"hunter2!\"}"}) {
    const auto key = jose::parse_private_jwk(Secret::copy_of(std::string_view(broken)));
    REQUIRE(!key);
    CHECK(key.error().message.find("hunter") == std::string::npos);
  }
}

TEST_CASE("jose/jwk: a key file is PEM or JWK, told apart by its first character") {
  const auto& key = signing_key(Algorithm::es384);
  const auto pem = jose::load_signing_key(key.key.to_pem().value(), {});
  REQUIRE(pem);
  CHECK(pem->alg == Algorithm::es384);
  CHECK(pem->kid == jose::thumbprint(key.key.public_key()));
  const auto jwk = jose::load_signing_key(jose::to_private_jwk(key), {});
  REQUIRE(jwk);
  CHECK(jwk->kid == key.kid);

  const auto rsa = signing_key(Algorithm::rs256).key.to_pem().value();
  CHECK(jose::load_signing_key(rsa, {}).value().alg == Algorithm::rs256);
  CHECK(jose::load_signing_key(rsa, {}, Algorithm::ps256).value().alg == Algorithm::ps256);
  const auto misfit = jose::load_signing_key(rsa, {}, Algorithm::es256);
  REQUIRE(!misfit);
  CHECK(misfit.error().reason == reason::kAlgMismatch);
  for (const auto* nothing : {"", " \n", "hello", "{}", "[]"}) {
    CHECK(!jose::load_signing_key(Secret::copy_of(std::string_view(nothing)), {}));
  }
}
