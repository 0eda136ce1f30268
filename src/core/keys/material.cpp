#include "core/keys/material.hpp"

namespace mcpauth::keys {
namespace {

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Result<Form> form_of_pem(std::string_view pem) {
  if (holds(pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----") || holds(pem, "Proc-Type: 4,ENCRYPTED")) {
    return Form::encrypted_pem;
  }
  if (holds(pem, "PRIVATE KEY-----")) return Form::private_pem;
  if (holds(pem, "-----BEGIN PUBLIC KEY-----")) return Form::public_pem;
  if (holds(pem, "-----BEGIN CERTIFICATE-----")) {
    return Error{.code = Errc::input,
                 .message = "this is a certificate, not a key",
                 .hint = "openssl x509 -pubkey -noout -in FILE"};
  }
  return Error{.code = Errc::input, .message = "this PEM holds neither a private nor a public key"};
}

Result<Material> read_private(const Secret& content, const Secret& passphrase,
                              std::optional<crypto::Algorithm> alg, Form form) {
  TRY(auto key, jose::load_signing_key(content, passphrase, alg));
  Material material{.form = form};
  material.keys.push_back({key.key.public_key(), key.kid, key.alg});
  material.private_key = std::move(key);
  return material;
}

}  // namespace

std::string_view name(Form form) {
  switch (form) {
    case Form::private_pem:
      return "private key, PEM";
    case Form::encrypted_pem:
      return "encrypted private key, PEM";
    case Form::public_pem:
      return "public key, PEM";
    case Form::private_jwk:
      return "private key, JWK";
    case Form::public_jwk:
      return "public key, JWK";
    case Form::key_set:
      return "key set, JWKS";
  }
  return "";
}

Result<Form> form_of(std::string_view content) {
  const auto first = content.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return Error{.code = Errc::input, .message = "there is nothing in it"};
  }
  if (content[first] == '{') {
    if (holds(content, "\"keys\"")) return Form::key_set;
    return holds(content, "\"d\"") ? Form::private_jwk : Form::public_jwk;
  }
  if (holds(content, "-----BEGIN ")) return form_of_pem(content);
  return Error{.code = Errc::input,
               .message = "this is neither PEM nor a JWK",
               .hint = "a key in DER becomes PEM with `openssl pkey -inform DER`"};
}

Result<Material> read_material(const Secret& content, const Secret& passphrase,
                               std::optional<crypto::Algorithm> alg) {
  TRY(const Form form, form_of(content.reveal_text()));
  if (form == Form::private_pem || form == Form::encrypted_pem || form == Form::private_jwk) {
    return read_private(content, passphrase, alg, form);
  }
  TRY(const auto set, jose::KeySet::parse(content.reveal_text()));
  Material material{.form = form, .keys = set.keys(), .skipped = set.skipped()};
  for (jose::Jwk& jwk : material.keys) {
    if (alg && !crypto::fits(*alg, jwk.key.type())) {
      return Error{.code = Errc::usage,
                   .message = std::string(crypto::name(*alg)) + " does not fit a key of type " +
                              std::string(crypto::name(jwk.key.type()))};
    }
    if (alg) jwk.alg = alg;
  }
  return material;
}

}  // namespace mcpauth::keys
