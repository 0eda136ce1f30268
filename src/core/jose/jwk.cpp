#include "core/jose/jwk.hpp"

#include <algorithm>

#include "core/base/reason.hpp"
#include "core/codec/base64url.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/crypto/digest.hpp"
#include "core/jose/jwk_members.hpp"

namespace mcpauth::jose {
namespace {

using crypto::KeyType;

Result<KeyType> read_type(const json::Value& jwk) {
  TRY(const auto kty, text_member(jwk, "kty"));
  if (kty == "oct") {
    return refused(reason::kKeyNotPublic, "a symmetric key (kty `oct`) is never accepted");
  }
  if (kty == "RSA") return KeyType::rsa;
  if (kty != "EC" && kty != "OKP") {
    return refused(reason::kKeyInvalid,
                   text::format("kty `{}` is not supported", text::excerpt(kty)));
  }
  TRY(const auto crv, text_member(jwk, "crv"));
  if (kty == "OKP" && crv == "Ed25519") return KeyType::ed25519;
  if (kty == "EC") {
    for (const auto type : {KeyType::p256, KeyType::p384, KeyType::p521}) {
      if (crv == crypto::name(type)) return type;
    }
  }
  return refused(reason::kKeyInvalid,
                 text::format("crv `{}` of kty `{}` is not supported", text::excerpt(crv), kty));
}

Result<void> check_key_ops(const json::Value& ops, std::string_view operation) {
  const json::Array* list = ops.array();
  if (list == nullptr) return refused(reason::kKeyUse, "key_ops is not a list");
  bool found = false;
  for (const json::Value& op : *list) {
    const std::string* text = op.string();
    if (text == nullptr)
      return refused(reason::kKeyUse, "key_ops holds something that is not a string");
    found = found || *text == operation;
  }
  if (found) return {};
  return refused(reason::kKeyUse,
                 text::format("key_ops does not hold `{}`", text::excerpt(operation)));
}

Result<void> check_use(const json::Value& jwk, std::string_view operation) {
  if (const json::Value* use = jwk.find("use")) {
    if (use->string() == nullptr || *use->string() != "sig") {
      return refused(reason::kKeyUse, text::format("use is {}, not \"sig\"", json::write(*use)));
    }
  }
  if (const json::Value* ops = jwk.find("key_ops")) return check_key_ops(*ops, operation);
  return {};
}

Result<std::optional<crypto::Algorithm>> read_alg(const json::Value& jwk, KeyType type) {
  const json::Value* member = jwk.find("alg");
  if (member == nullptr) return std::optional<crypto::Algorithm>();
  TRY(const auto text, text_member(jwk, "alg"));
  const auto alg = crypto::algorithm_named(text);
  if (!alg)
    return refused(reason::kAlgUnsupported,
                   text::format("alg `{}` is not supported", text::excerpt(text)));
  if (!crypto::fits(*alg, type)) {
    return refused(reason::kAlgMismatch, text::format("alg `{}` does not fit a key of type {}",
                                                      text::excerpt(text), crypto::name(type)));
  }
  return alg;
}

Result<Bytes> bytes_member(const json::Value& jwk, std::string_view name) {
  TRY(const auto text, text_member(jwk, name));
  auto bytes = base64url::decode(text);
  if (bytes) return bytes;
  return refused(reason::kKeyInvalid, text::format("member `{}`: {}", name, bytes.error().message));
}

json::Object public_members(const crypto::PublicKey& key) {
  const auto parts = key.parts();
  // In the order of RFC 7638 section 3.3: the thumbprint hashes this text.
  if (parts.type == KeyType::rsa) {
    return {{"e", base64url::encode(parts.e)}, {"kty", "RSA"}, {"n", base64url::encode(parts.n)}};
  }
  if (parts.type == KeyType::ed25519) {
    return {{"crv", "Ed25519"}, {"kty", "OKP"}, {"x", base64url::encode(parts.x)}};
  }
  return {{"crv", crypto::name(parts.type)},
          {"kty", "EC"},
          {"x", base64url::encode(parts.x)},
          {"y", base64url::encode(parts.y)}};
}

}  // namespace

Error refused(std::string_view reason, std::string message) {
  return Error{.code = Errc::input, .message = std::move(message), .reason = reason};
}

Result<std::string_view> text_member(const json::Value& jwk, std::string_view name) {
  const json::Value* member = jwk.find(name);
  if (member != nullptr && member->string() != nullptr) return std::string_view(*member->string());
  return refused(reason::kKeyInvalid, text::format("member `{}` is {}", name,
                                                   member == nullptr ? "missing" : "not a string"));
}

Result<JwkUse> read_use(const json::Value& jwk, std::string_view operation) {
  if (jwk.object() == nullptr) return refused(reason::kKeyInvalid, "a JWK must be a JSON object");
  JwkUse use;
  TRY(use.type, read_type(jwk));
  TRY_VOID(check_use(jwk, operation));
  TRY(use.alg, read_alg(jwk, use.type));
  if (jwk.find("kid") == nullptr) return use;
  TRY(use.kid, text_member(jwk, "kid"));
  if (use.kid.size() > kMaxKidBytes) return refused(reason::kKeyInvalid, "kid is over 1 KB");
  return use;
}

Result<crypto::PublicParts> read_public_parts(const json::Value& jwk, KeyType type) {
  crypto::PublicParts parts{.type = type, .x = {}, .y = {}, .n = {}, .e = {}};
  if (type == KeyType::rsa) {
    TRY(parts.n, bytes_member(jwk, "n"));
    TRY(parts.e, bytes_member(jwk, "e"));
    return parts;
  }
  TRY(parts.x, bytes_member(jwk, "x"));
  if (type == KeyType::ed25519) return parts;
  TRY(parts.y, bytes_member(jwk, "y"));
  return parts;
}

Result<Jwk> parse_jwk(const json::Value& jwk) {
  TRY(auto use, read_use(jwk, "verify"));
  for (const auto name : kPrivateMembers) {
    if (jwk.find(name) != nullptr) {
      return refused(reason::kKeyNotPublic,
                     text::format("the private member `{}` is in a public key", name));
    }
  }
  TRY(const auto parts, read_public_parts(jwk, use.type));
  TRY(auto key, crypto::PublicKey::from_parts(parts));
  return Jwk{.key = std::move(key), .kid = std::move(use.kid), .alg = use.alg};
}

std::string thumbprint(const crypto::PublicKey& key) {
  const std::string canonical = json::write(public_members(key));
  return base64url::encode(crypto::sha256(bytes_of(canonical)));
}

json::Object to_jwk(const crypto::PublicKey& key, std::string_view kid, crypto::Algorithm alg) {
  json::Object jwk{{"kty", key.type() == KeyType::rsa       ? "RSA"
                           : key.type() == KeyType::ed25519 ? "OKP"
                                                            : "EC"}};
  if (!kid.empty()) jwk.set("kid", kid);
  jwk.set("use", "sig");
  jwk.set("alg", crypto::name(alg));
  for (const auto& [name, value] : public_members(key))
    jwk.set(name, value);
  return jwk;
}

}  // namespace mcpauth::jose
