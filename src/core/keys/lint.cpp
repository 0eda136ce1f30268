#include "core/keys/lint.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/base/reason.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::keys {
namespace {

using enum Severity;

constexpr std::size_t kManyKeys = 16;
constexpr std::size_t kLongKid = 256;

/// One key under the lens, and where its findings go.
struct Lens {
  const json::Object& jwk;
  std::size_t index;
  std::string kid;
  std::vector<Finding>& findings;

  void find(Severity severity, std::string_view rule, std::string message) const {
    findings.push_back({severity, rule, index, kid, std::move(message)});
  }
  std::string_view text(std::string_view member) const {
    const json::Value* value = jwk.find(member);
    const std::string* found = value == nullptr ? nullptr : value->string();
    return found == nullptr ? std::string_view{} : *found;
  }
  bool has(std::string_view member) const { return jwk.find(member) != nullptr; }
};

/// The key alone, without what says how to use it, so that only its numbers are judged.
json::Object numbers_of(const json::Object& jwk) {
  json::Object numbers;
  for (const std::string_view name : {"kty", "crv", "x", "y", "n", "e"}) {
    if (const json::Value* value = jwk.find(name)) numbers.set(std::string(name), *value);
  }
  return numbers;
}

bool is_known_curve(std::string_view curve) {
  static constexpr std::array<std::string_view, 4> kCurves{"P-256", "P-384", "P-521", "Ed25519"};
  return std::ranges::find(kCurves, curve) != kCurves.end();
}

/// The public key, or nothing when a finding says why there is none.
std::optional<crypto::PublicKey> check_key(const Lens& lens) {
  const auto kty = lens.text("kty");
  if (kty == "oct") {
    lens.find(error, "symmetric-key", "a symmetric key: whoever reads the set can sign with it");
    return std::nullopt;
  }
  if (kty != "EC" && kty != "RSA" && kty != "OKP") {
    lens.find(warning, "unknown-kty",
              kty.empty() ? "`kty` is missing" : "unknown key type `" + std::string(kty) + "`");
    return std::nullopt;
  }
  if (kty != "RSA" && lens.has("crv") && !is_known_curve(lens.text("crv"))) {
    lens.find(warning, "unknown-curve",
              "curve `" + std::string(lens.text("crv")) + "` is not one that signs here");
    return std::nullopt;
  }
  auto jwk = jose::parse_jwk(json::Value(numbers_of(lens.jwk)));
  if (jwk) return std::move(jwk->key);
  const bool weak = jwk.error().reason == reason::kKeyWeak;
  lens.find(error, weak ? "weak-key" : "invalid-key", jwk.error().message);
  return std::nullopt;
}

void check_private(const Lens& lens) {
  std::string members;
  for (const std::string_view name : {"d", "p", "q", "dp", "dq", "qi", "oth", "priv"}) {
    if (lens.has(name)) members.append(members.empty() ? "" : ", ").append(name);
  }
  if (members.empty()) return;
  lens.find(error, "private-member",
            "private material is published (" + members + "): the key is lost, replace it");
}

void check_kid(const Lens& lens, const std::optional<crypto::PublicKey>& key) {
  const json::Value* kid = lens.jwk.find("kid");
  if (kid == nullptr || lens.text("kid").empty()) {
    lens.find(warning, "missing-kid",
              kid != nullptr && kid->string() == nullptr
                  ? "`kid` is not a string"
                  : "without `kid` a verifier has to try every key, or gives up");
    return;
  }
  if (lens.kid.size() > kLongKid || text::printable(lens.kid) != lens.kid) {
    lens.find(warning, "odd-kid", "`kid` is very long or holds characters that cannot be shown");
  }
  if (key && jose::thumbprint(*key) != lens.kid) {
    lens.find(info, "kid-not-thumbprint",
              "`kid` is not the RFC 7638 thumbprint, which no other key can have");
  }
}

void check_alg(const Lens& lens, const std::optional<crypto::PublicKey>& key) {
  const std::string alg(lens.text("alg"));
  if (alg.empty()) {
    const bool open = key && key->type() == crypto::KeyType::rsa;
    lens.find(open ? warning : info, "missing-alg",
              open ? "an RSA key without `alg` leaves the algorithm to the token"
                   : "`alg` is missing; only one fits the key");
    return;
  }
  if (alg.starts_with("HS") || alg == "none") {
    lens.find(error, "symmetric-alg", "`" + alg + "` invites forged tokens with the public key");
    return;
  }
  const auto known = crypto::algorithm_named(alg);
  if (!known && lens.text("use") != "enc") {
    lens.find(warning, "unknown-alg", "unknown algorithm `" + alg + "`");
  }
  if (known && key && !crypto::fits(*known, key->type())) {
    lens.find(error, "wrong-alg",
              "`" + alg + "` does not fit a key of type " + std::string(name(key->type())));
  }
}

void check_use(const Lens& lens, bool set_has_encryption) {
  const auto use = lens.text("use");
  if (use == "enc") {
    lens.find(info, "encryption-key", "a key for encryption; verifiers skip it");
  } else if (lens.has("use") && use != "sig") {
    lens.find(warning, "wrong-use", "`use` is neither sig nor enc");
  }
  if (const json::Value* ops = lens.jwk.find("key_ops")) {
    const auto* list = ops->array();
    const bool verifies = list != nullptr && std::ranges::any_of(*list, [](const json::Value& op) {
                            return op.string() != nullptr && *op.string() == "verify";
                          });
    if (!verifies && use != "enc") lens.find(warning, "wrong-use", "`key_ops` lacks verify");
    return;
  }
  if (lens.has("use")) return;
  lens.find(set_has_encryption ? warning : info, "missing-use",
            set_has_encryption ? "`use` must be given in a set that also has encryption keys"
                               : "`use` is missing; say sig");
}

void check_certificates(const Lens& lens) {
  if (lens.has("x5u")) {
    lens.find(warning, "x5u", "`x5u` makes verifiers fetch a certificate from elsewhere");
  }
  if (lens.has("x5c")) {
    lens.find(info, "x5c", "`x5c` is not compared with the key; most verifiers ignore it");
  }
}

void check_twins(const Lens& lens, const std::optional<crypto::PublicKey>& key,
                 std::map<std::string, std::size_t>& kids,
                 std::map<std::string, std::size_t>& thumbprints) {
  const auto twin = [&](std::map<std::string, std::size_t>& seen, const std::string& mark) {
    const auto [at, fresh] = seen.try_emplace(mark, lens.index);
    return fresh ? std::string{} : std::to_string(at->second + 1);
  };
  if (!lens.kid.empty()) {
    const auto other = twin(kids, lens.kid);
    if (!other.empty()) {
      lens.find(error, "duplicate-kid", "key " + other + " has the same `kid`");
    }
  }
  if (key) {
    const auto other = twin(thumbprints, jose::thumbprint(*key));
    if (!other.empty()) lens.find(warning, "duplicate-key", "the same key as key " + other);
  }
}

void lint_keys(const json::Array& keys, std::vector<Finding>& findings) {
  const bool encryption = std::ranges::any_of(keys, [](const json::Value& key) {
    const json::Value* use = key.find("use");
    return use != nullptr && use->string() != nullptr && *use->string() == "enc";
  });
  std::map<std::string, std::size_t> kids;
  std::map<std::string, std::size_t> thumbprints;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const json::Object* jwk = keys[i].object();
    if (jwk == nullptr) {
      findings.push_back({error, "not-an-object", i, {}, "not a JSON object"});
      continue;
    }
    Lens lens{*jwk, i, {}, findings};
    lens.kid = lens.text("kid");
    const auto key = check_key(lens);
    check_private(lens);
    check_kid(lens, key);
    check_alg(lens, key);
    check_use(lens, encryption);
    check_certificates(lens);
    check_twins(lens, key, kids, thumbprints);
  }
}

}  // namespace

std::string_view name(Severity severity) {
  switch (severity) {
    case info:
      return "info";
    case warning:
      return "warning";
    case error:
      return "error";
  }
  return "";
}

Result<std::vector<Finding>> lint(std::string_view text) {
  TRY(const json::Value document,
      json::parse(text, {.bytes = jose::KeySet::kMaxBytes, .depth = 16, .values = 50'000}));
  std::vector<Finding> findings;
  const auto about_set = [&](Severity severity, std::string_view rule, std::string message) {
    findings.push_back({severity, rule, std::nullopt, {}, std::move(message)});
  };
  const bool is_object = document.object() != nullptr;
  if (is_object && document.find("keys") == nullptr && document.find("kty") != nullptr) {
    about_set(info, "single-key", "a single JWK, not a key set");
    lint_keys({document}, findings);
    return findings;
  }
  const json::Value* list = document.find("keys");
  if (list == nullptr || list->array() == nullptr) {
    about_set(error, "not-a-key-set", "not an object with a list `keys`");
    return findings;
  }
  const json::Array& keys = *list->array();
  if (keys.empty()) about_set(error, "no-keys", "the set is empty: every token is refused");
  if (keys.size() > jose::KeySet::kMaxKeys) {
    about_set(
        error, "too-many-keys",
        "more than " + std::to_string(jose::KeySet::kMaxKeys) + " keys: verifiers refuse the set");
    return findings;
  }
  if (keys.size() > kManyKeys) {
    about_set(warning, "too-many-keys",
              std::to_string(keys.size()) + " keys: old ones should be taken out");
  }
  lint_keys(keys, findings);
  return findings;
}

std::optional<Severity> worst(const std::vector<Finding>& findings) {
  const auto found = std::ranges::max_element(findings, {}, &Finding::severity);
  return found == findings.end() ? std::nullopt : std::optional(found->severity);
}

}  // namespace mcpauth::keys
