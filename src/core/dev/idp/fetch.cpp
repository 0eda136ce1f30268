#include "core/dev/idp/fetch.hpp"

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/url.hpp"
#include "core/dev/idp/idp.hpp"

namespace mcpauth::dev::idp {
namespace {

Error no_idp(std::string_view issuer, std::string_view what) {
  return Error{.code = Errc::network,
               .message = text::format("`{}` {}", issuer, what),
               .hint = "start one with `mcpauth dev idp`"};
}

std::string member(const json::Value& document, std::string_view name) {
  const auto* value = document.find(name);
  return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
}

}  // namespace

Result<std::string> fetch_token(std::string_view issuer, const TokenRequest& request,
                                http::Client& http) {
  TRY(const auto url, Url::parse(issuer));
  if (!url.is_loopback()) return not_loopback(url.host);
  json::Object body = {{"user", request.user}, {"type", request.type}};
  if (!request.audience.empty()) body.set("audience", request.audience);
  if (!request.ttl.empty()) body.set("ttl", request.ttl);
  http::Request post{.method = "POST", .url = url.origin() + std::string(kTokenPath)};
  post.headers = {{"Content-Type", "application/json"}};
  post.body = Secret::copy_of(json::write(body));
  post.reach = http::Reach::loopback_too;
  auto reply = http.send(post);
  if (!reply) {
    auto error = std::move(reply).error().context("the development IdP");
    if (error.hint.empty()) error.hint = no_idp(issuer, "").hint;
    return error;
  }
  const auto document = json::parse(reply->body);
  if (!document) return no_idp(issuer, "is not a development IdP");
  if (reply->status != 200) {
    const auto why = member(*document, "error_description");
    if (why.empty()) return no_idp(issuer, "is not a development IdP");
    return Error{.code = Errc::input,
                 .message = text::format("no token for `{}`: {}", request.user, why),
                 .hint = "the users are in the --users file of `mcpauth dev idp`"};
  }
  auto token = member(*document, request.type + "_token");
  if (token.empty()) return no_idp(issuer, "is not a development IdP");
  return token;
}

}  // namespace mcpauth::dev::idp
