#include "cli/verify_keys.hpp"

#include "cli/sources.hpp"
#include "core/codec/url.hpp"
#include "core/identity/issuer_keys.hpp"

namespace mcpauth::cli {
namespace {

using Source = std::unique_ptr<jose::KeySource>;

Result<http::Reach> reach_of(const std::string& address) {
  TRY(const Url url, Url::parse(address));
  if (url.is_loopback()) return http::Reach::loopback_too;
  if (url.scheme == "https") return http::Reach::internet;
  return Error{.code = Errc::usage,
               .message = "`" + address + "` is not an https URL",
               .why = "keys that come over plain http can be anybody's"};
}

bool is_url(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

bool is_private(std::string_view text) {
  return text.find("PRIVATE KEY-----") != std::string_view::npos ||
         text.find("\"d\"") != std::string_view::npos;
}

Source fixed(jose::KeySet set) {
  return std::make_unique<jose::FixedKeys>(std::move(set));
}

Result<Source> from_jwks(const std::string& reference, Env& env) {
  if (is_url(reference)) {
    TRY(const auto reach, reach_of(reference));
    return identity::jwks_url_keys(reference, reach, env.http(), *env.clock);
  }
  TRY(const std::string text, read_input(reference, env));
  auto set = jose::KeySet::parse(text);
  if (!set) return std::move(set).error().context("the key set `" + reference + "`");
  return fixed(*std::move(set));
}

Result<Source> from_key(const std::string& reference, Env& env) {
  TRY(std::string text, read_input(reference, env));
  if (!is_private(text)) {
    auto set = jose::KeySet::parse(text);
    if (!set) return std::move(set).error().context("the key `" + reference + "`");
    return fixed(*std::move(set));
  }
  const Secret content = Secret::copy_of(text);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  auto key = jose::load_signing_key(content, {});
  if (!key) return std::move(key).error().context("the key `" + reference + "`");
  // A PEM names neither: only the type of the key binds then.
  const bool pem = content.reveal_text().find("-----BEGIN") != std::string_view::npos;
  jose::Jwk jwk{.key = key->key.public_key(), .kid = key->kid};
  if (!pem) jwk.alg = key->alg;
  std::vector<jose::Jwk> keys;
  keys.push_back(std::move(jwk));
  return fixed(jose::KeySet(std::move(keys)));
}

}  // namespace

Result<std::unique_ptr<jose::KeySource>> open_keys(const VerifyKeys& choice, Env& env) {
  const int given = (choice.jwks ? 1 : 0) + (choice.issuer ? 1 : 0) + (choice.key ? 1 : 0);
  if (given != 1) {
    return Error{.code = Errc::usage,
                 .message = given == 0 ? "no keys to verify with are given"
                                       : "keys to verify with are given in two ways",
                 .hint = "give one of --jwks SRC|URL, --issuer URL and --key SRC"};
  }
  if (choice.jwks) return from_jwks(*choice.jwks, env);
  if (choice.key) return from_key(*choice.key, env);
  TRY(const auto reach, reach_of(*choice.issuer));
  return identity::issuer_keys(*choice.issuer, reach, env.http(), *env.clock);
}

}  // namespace mcpauth::cli
