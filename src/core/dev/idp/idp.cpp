#include "core/dev/idp/idp.hpp"

#include "core/base/ttl.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/codec/url.hpp"
#include "core/dev/idp/token_request.hpp"
#include "core/jose/jws.hpp"

namespace mcpauth::dev::idp {
namespace {

net::Response json_response(unsigned status, const json::Object& document) {
  net::Response response{.status = status};
  response.headers = {{"Content-Type", "application/json"},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::make_shared<const std::string>(json::write(document) + "\n");
  return response;
}

/// An error response as in RFC 6749 section 5.2.
net::Response refusal(unsigned status, std::string_view error, std::string_view description) {
  return json_response(status, {{"error", error}, {"error_description", description}});
}

std::optional<std::chrono::seconds> ttl_of(std::string_view text) {
  if (text.empty()) return kMaxTtl;
  const auto seconds = parse_number<std::uint32_t>(text);
  if (!seconds || *seconds == 0 || *seconds > kMaxTtl.count()) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

json::Object claims_of(const Options& options, const User& user, const TokenRequest& request,
                       Instant now, Instant end) {
  json::Array groups;
  for (const auto& group : user.groups)
    groups.emplace_back(group);
  json::Object claims = {
      {"iss", options.issuer},
      {"sub", request.user},
      {"aud", request.audience.empty() ? options.audience : request.audience},
      {"exp", end.time_since_epoch().count()},
      {"iat", now.time_since_epoch().count()},
      {"groups", std::move(groups)},
  };
  if (!user.org_id.empty()) claims.set("org_id", user.org_id);
  if (!user.email.empty()) claims.set("email", user.email);
  return claims;
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  const auto url = Url::parse(text::format("http://{}/", host));
  return url && url->path == "/" && url->is_loopback();
}

Error not_loopback(std::string_view host) {
  return Error{
      .code = Errc::usage,
      .message = text::format("the development IdP is for loopback only, not for `{}`", host),
      .hint = "it gives a token to whoever asks: use 127.0.0.1 or [::1]"};
}

Result<jose::SigningKey> throwaway_key() {
  TRY(auto key, crypto::PrivateKey::generate(crypto::KeyType::p256));
  auto kid = jose::thumbprint(key.public_key());
  return jose::SigningKey{
      .key = std::move(key), .alg = crypto::Algorithm::es256, .kid = std::move(kid)};
}

Result<std::unique_ptr<Idp>> Idp::make(Options options, jose::SigningKey key, const Clock& clock) {
  TRY(const auto url, Url::parse(options.issuer));
  if (!url.is_loopback()) return not_loopback(url.host);
  keys::PublishOptions publish{.issuer = options.issuer, .max_age = std::chrono::seconds(0)};
  publish.more_metadata.set("claims_supported", json::Array{"sub", "groups", "org_id", "email"});
  std::vector<jose::Jwk> keys;
  keys.push_back({.key = key.key.public_key(), .kid = key.kid, .alg = key.alg});
  TRY(auto documents, keys::JwksEndpoint::make(std::move(publish), jose::KeySet(std::move(keys))));
  return std::unique_ptr<Idp>(
      new Idp(std::move(options), std::move(key), clock, std::move(documents)));
}

net::Response Idp::handle(const net::Request& request) {
  auto response = answer(request);
  response.headers.emplace_back("X-Dev-Idp", "not for production");
  return response;
}

net::Response Idp::answer(const net::Request& request) {
  if (!is_loopback_host(request.header("Host"))) {
    return refusal(403, "access_denied", "the Host is not this machine");
  }
  for (const auto& [name, value] : request.headers) {
    if (!text::equal_ignoring_case(name, "Origin")) continue;
    const auto origin = Url::parse(value);
    if (!origin || !origin->is_loopback()) {
      return refusal(403, "access_denied", "the Origin is not this machine");
    }
  }
  if (request.path != kTokenPath) return documents_->handle(request);
  if (request.method == "POST") return token(request);
  auto response = refusal(405, "invalid_request", "tokens are given to a POST");
  response.headers.emplace_back("Allow", "POST");
  return response;
}

net::Response Idp::token(const net::Request& request) const {
  const auto asked = read_token_request(request);
  if (!asked) return refusal(400, "invalid_request", asked.error().message);
  const auto user = options_.users.find(asked->user);
  if (user == options_.users.end()) {
    return refusal(400, "invalid_grant", "there is no user of this name");
  }
  const auto ttl = ttl_of(asked->ttl);
  if (!ttl) return refusal(400, "invalid_request", "ttl must be 1 to 900 seconds");
  const bool id_only = asked->type == "id";
  const bool access_only = asked->type == "access";
  if (!asked->type.empty() && !id_only && !access_only) {
    return refusal(400, "invalid_request", "type must be id or access");
  }
  const auto now = clock_.now();
  const auto claims = claims_of(options_, user->second, *asked, now, now + *ttl);
  const auto id = jose::sign_jwt(key_, "JWT", claims);
  const auto access = jose::sign_jwt(key_, "at+jwt", claims);
  if (!id || !access) return refusal(500, "server_error", "the token cannot be signed");
  json::Object reply = {{"token_type", "Bearer"}, {"expires_in", ttl->count()}};
  if (!id_only) reply.set("access_token", *access);
  if (!access_only) reply.set("id_token", *id);
  return json_response(200, reply);
}

}  // namespace mcpauth::dev::idp
