#include "core/jose/jwks.hpp"

#include <algorithm>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::jose {
namespace {

Error not_a_set(std::string message) {
  return Error{.code = Errc::input, .message = std::move(message)};
}

std::string kid_of(const json::Value& jwk) {
  const json::Value* kid = jwk.find("kid");
  return kid != nullptr && kid->string() != nullptr ? *kid->string() : std::string();
}

Error unusable(const std::vector<SkippedKey>& skipped) {
  std::string message = "the key set has no usable key";
  for (const SkippedKey& key : skipped) {
    message += text::format("; key {}: {}", key.index, key.message);
    if (key.index == 4) break;  // the others are probably wrong in the same way
  }
  return Error{.code = Errc::input,
               .message = std::move(message),
               .hint =
                   "a usable key is public, for signatures, and P-256, P-384, P-521, Ed25519 or "
                   "RSA of 2048 bits or more",
               .reason = reason::kKeySetUnusable};
}

Result<Jwk> from_pem(std::string_view text) {
  TRY(auto key, crypto::PublicKey::from_pem(text));
  const auto kid = thumbprint(key);
  return Jwk{.key = std::move(key), .kid = kid};
}

}  // namespace

KeySet::KeySet(std::vector<Jwk> keys) : keys_(std::move(keys)) {}

Result<KeySet> KeySet::parse(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return not_a_set(text::format("the key set is over {} bytes", kMaxBytes));
  }
  if (text::trimmed(text).starts_with('-')) {
    TRY(auto key, from_pem(text));
    std::vector<Jwk> one;
    one.push_back(std::move(key));
    return KeySet(std::move(one));
  }
  auto document = json::parse(text, {.bytes = kMaxBytes, .depth = 16, .values = 100'000});
  if (!document) return std::move(document).error().context("the key set");
  if (document->object() == nullptr) return not_a_set("the key set is not a JSON object");
  const json::Value* member = document->find("keys");
  const json::Array single{*document};
  const json::Array* list = &single;
  if (member != nullptr) {
    list = member->array();
  } else if (document->find("kty") == nullptr) {
    return not_a_set("this is not a key set: it has no member `keys`");
  }
  if (list == nullptr) return not_a_set("member `keys` of the key set is not a list");
  if (list->size() > kMaxKeys) {
    return not_a_set(
        text::format("the key set has {} keys, over the limit of {}", list->size(), kMaxKeys));
  }
  KeySet set;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto jwk = parse_jwk((*list)[i]);
    if (jwk) {
      set.keys_.push_back(*std::move(jwk));
    } else {
      set.skipped_.push_back({.index = i,
                              .kid = kid_of((*list)[i]),
                              .reason = jwk.error().reason,
                              .message = jwk.error().message});
    }
  }
  if (set.keys_.empty()) return unusable(set.skipped_);
  return set;
}

std::vector<const Jwk*> KeySet::with_kid(std::string_view kid) const {
  std::vector<const Jwk*> found;
  for (const Jwk& key : keys_) {
    if (key.kid == kid) found.push_back(&key);
  }
  return found;
}

std::string KeySet::to_json() const {
  json::Array list;
  for (const Jwk& key : keys_) {
    auto jwk =
        to_jwk(key.key, key.kid, key.alg.value_or(crypto::default_algorithm(key.key.type())));
    list.emplace_back(std::move(jwk));
  }
  return json::write(json::Object{{"keys", std::move(list)}});
}

}  // namespace mcpauth::jose
