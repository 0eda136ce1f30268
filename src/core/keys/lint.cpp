#include "core/keys/lint.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/jose/jwks.hpp"

namespace mcpauth::keys {
namespace {

using enum Severity;

constexpr std::size_t kManyKeys = 16;
constexpr std::size_t kLongKid = 256;

/// The key that is checked, and where its findings go.
struct Subject {
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

/// Only the numbers of the key, so that members about its use cannot make it invalid.
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

/// The public key. Empty when there is none; a finding says why.
std::optional<crypto::PublicKey> check_key(const Subject& subject) {
  const auto kty = subject.text("kty");
  if (kty == "oct") {
    subject.find(error, "symmetric-key",
                 "a symmetric key: everybody who reads the set can sign with it");
    return std::nullopt;
  }
  if (kty != "EC" && kty != "RSA" && kty != "OKP") {
    subject.find(warning, "unknown-kty",
                 kty.empty() ? "`kty` is missing" : text::format("unknown key type `{}`", kty));
    return std::nullopt;
  }
  if (kty != "RSA" && subject.has("crv") && !is_known_curve(subject.text("crv"))) {
    subject.find(warning, "unknown-curve",
                 text::format("curve `{}` is not supported", subject.text("crv")));
    return std::nullopt;
  }
  auto jwk = jose::parse_jwk(json::Value(numbers_of(subject.jwk)));
  if (jwk) return std::move(jwk->key);
  const bool weak = jwk.error().reason == reason::kKeyWeak;
  subject.find(error, weak ? "weak-key" : "invalid-key", jwk.error().message);
  return std::nullopt;
}

void check_private(const Subject& subject) {
  std::vector<std::string_view> members;
  for (const std::string_view name : {"d", "p", "q", "dp", "dq", "qi", "oth", "priv"}) {
    if (subject.has(name)) members.push_back(name);
  }
  if (members.empty()) return;
  subject.find(
      error, "private-member",
      text::format("private members are published ({}): anybody can sign, so replace the key",
                   text::join(members, ", ")));
}

void check_kid(const Subject& subject, const std::optional<crypto::PublicKey>& key) {
  const json::Value* kid = subject.jwk.find("kid");
  if (kid == nullptr || subject.text("kid").empty()) {
    subject.find(warning, "missing-kid",
                 kid != nullptr && kid->string() == nullptr
                     ? "`kid` is not a string"
                     : "without `kid` a verifier must try every key, or gives up");
    return;
  }
  if (subject.kid.size() > kLongKid || text::printable(subject.kid) != subject.kid) {
    subject.find(warning, "odd-kid", "`kid` is very long or has characters that cannot be shown");
  }
  if (key && jose::thumbprint(*key) != subject.kid) {
    subject.find(info, "kid-not-thumbprint",
                 "`kid` is not the RFC 7638 thumbprint, which is unique to a key");
  }
}

void check_alg(const Subject& subject, const std::optional<crypto::PublicKey>& key) {
  const std::string alg(subject.text("alg"));
  if (alg.empty()) {
    const bool open = key && key->type() == crypto::KeyType::rsa;
    subject.find(open ? warning : info, "missing-alg",
                 open ? "an RSA key without `alg` leaves the algorithm to the token"
                      : "`alg` is missing; only one fits the key");
    return;
  }
  if (alg.starts_with("HS") || alg == "none") {
    subject.find(error, "symmetric-alg",
                 text::format("`{}` lets tokens be forged with the public key", alg));
    return;
  }
  const auto known = crypto::algorithm_named(alg);
  if (!known && subject.text("use") != "enc") {
    subject.find(warning, "unknown-alg", text::format("unknown algorithm `{}`", alg));
  }
  if (known && key && !crypto::fits(*known, key->type())) {
    subject.find(error, "wrong-alg",
                 text::format("`{}` does not fit a key of type {}", alg, name(key->type())));
  }
}

void check_use(const Subject& subject, bool set_has_encryption) {
  const auto use = subject.text("use");
  if (use == "enc") {
    subject.find(info, "encryption-key", "a key for encryption; verifiers skip it");
  } else if (subject.has("use") && use != "sig") {
    subject.find(warning, "wrong-use", "`use` is neither sig nor enc");
  }
  if (const json::Value* ops = subject.jwk.find("key_ops")) {
    const auto* list = ops->array();
    const bool verifies = list != nullptr && std::ranges::any_of(*list, [](const json::Value& op) {
                            return op.string() != nullptr && *op.string() == "verify";
                          });
    if (!verifies && use != "enc") subject.find(warning, "wrong-use", "`key_ops` lacks verify");
    return;
  }
  if (subject.has("use")) return;
  subject.find(set_has_encryption ? warning : info, "missing-use",
               set_has_encryption ? "`use` must be given in a set that also has encryption keys"
                                  : "`use` is missing; it should be sig");
}

void check_certificates(const Subject& subject) {
  if (subject.has("x5u")) {
    subject.find(warning, "x5u", "`x5u` makes verifiers fetch a certificate from elsewhere");
  }
  if (subject.has("x5c")) {
    subject.find(info, "x5c", "`x5c` is not compared with the key; most verifiers ignore it");
  }
}

void check_duplicates(const Subject& subject, const std::optional<crypto::PublicKey>& key,
                      std::map<std::string, std::size_t>& kids,
                      std::map<std::string, std::size_t>& thumbprints) {
  const auto earlier = [&](std::map<std::string, std::size_t>& seen, const std::string& mark) {
    const auto [at, fresh] = seen.try_emplace(mark, subject.index);
    return fresh ? std::string{} : std::to_string(at->second + 1);
  };
  if (!subject.kid.empty()) {
    const auto other = earlier(kids, subject.kid);
    if (!other.empty()) {
      subject.find(error, "duplicate-kid", text::format("key {} has the same `kid`", other));
    }
  }
  if (key) {
    const auto other = earlier(thumbprints, jose::thumbprint(*key));
    if (!other.empty()) subject.find(warning, "duplicate-key", "the same key as key " + other);
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
    Subject subject{*jwk, i, {}, findings};
    subject.kid = subject.text("kid");
    const auto key = check_key(subject);
    check_private(subject);
    check_kid(subject, key);
    check_alg(subject, key);
    check_use(subject, encryption);
    check_certificates(subject);
    check_duplicates(subject, key, kids, thumbprints);
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
    about_set(error, "too-many-keys",
              text::format("more than {} keys: verifiers refuse the set", jose::KeySet::kMaxKeys));
    return findings;
  }
  if (keys.size() > kManyKeys) {
    about_set(warning, "too-many-keys", text::format("{} keys: remove the old ones", keys.size()));
  }
  lint_keys(keys, findings);
  return findings;
}

std::optional<Severity> worst(const std::vector<Finding>& findings) {
  const auto found = std::ranges::max_element(findings, {}, &Finding::severity);
  return found == findings.end() ? std::nullopt : std::optional(found->severity);
}

}  // namespace mcpauth::keys
