#include "cli/token/verify_keys.hpp"

#include "cli/frame/key_input.hpp"
#include "cli/frame/key_sets.hpp"
#include "core/identity/issuer_keys.hpp"

namespace mcpauth::cli {
namespace {

using Source = std::unique_ptr<jose::KeySource>;

Source fixed(jose::KeySet set) {
  return std::make_unique<jose::FixedKeys>(std::move(set));
}

Result<Source> from_jwks(const std::string& reference, Env& env) {
  if (is_url(reference)) {
    TRY(const auto reach, reach_of(reference, env));
    return identity::jwks_url_keys(reference, reach, env.http(), *env.clock);
  }
  TRY(auto set, read_key_set(reference, env));
  return fixed(std::move(set));
}

/// A PEM names neither an algorithm nor a `kid`: its type binds the algorithm, and it is the key
/// to ask whatever the token calls it.
Result<Source> from_key(const std::string& reference, Env& env) {
  auto opened = open_key(reference, {}, {}, env);
  if (!opened && opened.error().code == Errc::needs_person) {
    return Error{.code = Errc::usage,
                 .message = "`" + reference + "` is encrypted, and verifying needs no secret",
                 .hint = "give the public part: mcpauth keys convert " + reference + " --public"};
  }
  TRY(auto material, std::move(opened));
  const bool pem = material.form != keys::Form::private_jwk &&
                   material.form != keys::Form::public_jwk && material.form != keys::Form::key_set;
  for (auto& key : material.keys) {
    if (!pem) continue;
    key.alg.reset();
    key.kid.clear();
  }
  return fixed(jose::KeySet(std::move(material.keys)));
}

}  // namespace

Result<void> check(const VerifyKeys& choice) {
  const int given = (choice.jwks ? 1 : 0) + (choice.issuer ? 1 : 0) + (choice.key ? 1 : 0);
  if (given == 1) return {};
  return Error{.code = Errc::usage,
               .message = given == 0 ? "no keys to verify with are given"
                                     : "keys to verify with are given in two ways",
               .hint = "give one of --jwks SRC|URL, --issuer URL and --key SRC"};
}

std::string place_of(const VerifyKeys& choice) {
  return choice.jwks.value_or(choice.issuer.value_or(choice.key.value_or("")));
}

Result<std::unique_ptr<jose::KeySource>> open_keys(const VerifyKeys& choice, Env& env) {
  TRY_VOID(check(choice));
  if (choice.jwks) return from_jwks(*choice.jwks, env);
  if (choice.key) return from_key(*choice.key, env);
  TRY(const auto reach, reach_of(*choice.issuer, env));
  return identity::issuer_keys(*choice.issuer, reach, env.http(), *env.clock);
}

}  // namespace mcpauth::cli
