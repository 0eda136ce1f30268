#include "core/oauth/exchange.hpp"

#include <algorithm>
#include <utility>

#include "core/base/reason.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/codec/url.hpp"
#include "core/oauth/answer.hpp"
#include "core/oauth/form.hpp"
#include "core/oauth/metadata.hpp"

namespace mcpauth::oauth {
namespace {

constexpr std::size_t kMaxToken = 64 * 1024;
constexpr std::size_t kMaxAnswer = 128 * 1024;

/// Wipes a library's text that held a token, however the scope is left.
struct WipeAfter {
  explicit WipeAfter(std::string& held) : text(held) {}
  WipeAfter(const WipeAfter&) = delete;
  WipeAfter& operator=(const WipeAfter&) = delete;
  ~WipeAfter() { wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}); }
  std::string& text;
};

Secret body_of(const Exchange& ask, std::string_view scope) {
  std::vector<std::pair<std::string_view, std::string_view>> fields{
      {"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
      {"subject_token", ask.subject_token.reveal_text()},
      {"subject_token_type", urn(ask.subject_type)},
      {"requested_token_type", urn(TokenType::access_token)}};
  for (const auto& audience : ask.audiences)
    fields.emplace_back("audience", audience);
  for (const auto& resource : ask.resources)
    fields.emplace_back("resource", resource);
  if (!scope.empty()) fields.emplace_back("scope", scope);
  if (ask.client_secret.empty() && !ask.client_id.empty())
    fields.emplace_back("client_id", ask.client_id);
  return form_body(fields);
}

// An endpoint may repeat the secrets that it was given.
std::string without(std::string from, const Secret& secret, std::string_view instead) {
  const auto content = secret.reveal_text();
  if (content.empty()) return from;
  for (auto at = from.find(content); at != std::string::npos;
       at = from.find(content, at + instead.size())) {
    from.replace(at, content.size(), instead);
  }
  return from;
}

std::string without_secrets(std::string text, const Exchange& ask) {
  text = without(std::move(text), ask.subject_token, "[the token]");
  return without(std::move(text), ask.client_secret, "[the client secret]");
}

/// Text from the endpoint, safe to show in an error.
std::string said(std::string words, const Exchange& ask) {
  return text::quoted(text::excerpt(without_secrets(std::move(words), ask)));
}

std::string_view hint_for(std::string_view error) {
  if (error == "invalid_client") return "check the client id and its secret";
  if (error == "invalid_target") return "it issues no token for this audience or resource";
  if (error == "invalid_scope") return "ask for fewer scopes";
  if (error == "invalid_grant" || error == "invalid_request")
    return "is the subject token still valid, meant for this issuer, and of the type that you "
           "gave?";
  if (error == "unauthorized_client" || error == "access_denied")
    return "ask its administrator to allow the exchange for this client and subject";
  if (error == "unsupported_grant_type") return "it does not do token exchange (RFC 8693)";
  return "";
}

Error refusal(const http::Response& response, const Exchange& ask) {
  const auto document = json::parse(response.body, {.bytes = kMaxAnswer});
  const auto* error = document ? document->find("error") : nullptr;
  if (error == nullptr || error->string() == nullptr || error->string()->empty())
    return {.code = Errc::network,
            .message = text::format("{} answered with status {} and no OAuth error",
                                    shown(ask.endpoint), response.status),
            .hint = "is it a token endpoint?"};
  Error out{.code = Errc::denied,
            .message = text::format("{} refused the exchange: {}", shown(ask.endpoint),
                                    said(*error->string(), ask)),
            .hint = std::string(hint_for(*error->string())),
            .reason = reason::kExchangeRefused};
  const auto* description = document->find("error_description");
  if (description != nullptr && description->string() != nullptr)
    out.message += ": " + said(*description->string(), ask);
  return out;
}

Error unusable(std::string message) {
  return {.code = Errc::input, .message = std::move(message)};
}

Result<std::string> required(const json::Value& document, std::string_view name) {
  TRY(const auto* text, string_member(document, name));
  if (text == nullptr) return unusable(text::format("the answer has no `{}`", name));
  return *text;
}

Result<Secret> token_of(const json::Value& document) {
  TRY(const auto* text, string_member(document, "access_token"));
  if (text == nullptr) return unusable("the answer has no `access_token`");
  if (text->empty() || text->size() > kMaxToken)
    return unusable("`access_token` is empty or over 64 KiB");
  if (!std::ranges::all_of(*text, [](char c) { return c > 0x20 && c < 0x7f; }))
    return unusable("`access_token` has a character that no token has");
  return Secret::copy_of(*text);
}

Result<Exchanged> read(json::Value& document) {
  if (document.object() == nullptr) return unusable("the answer is not a JSON object");
  Exchanged out;
  TRY(out.access_token, token_of(document));
  // The document is ours and not const: wiping it through the const view is allowed.
  const WipeAfter wipe_copy(const_cast<std::string&>(*document.find("access_token")->string()));
  TRY(const auto type, required(document, "token_type"));
  if (!text::equal_ignoring_case(type, "bearer"))
    return unusable(text::format("the token is of type `{}`, not a bearer token", type));
  TRY(out.issued_type, required(document, "issued_token_type"));
  if (out.issued_type != urn(TokenType::access_token) && out.issued_type != urn(TokenType::jwt))
    return unusable(text::format("the answer holds a `{}`, not an access token", out.issued_type));
  TRY(const auto* scope, string_member(document, "scope"));
  if (scope != nullptr) out.scope = *scope;
  if (const auto* lifetime = document.find("expires_in")) {
    const auto seconds = lifetime->integer();
    if (!seconds || *seconds <= 0 || *seconds > 0x7fff'ffff)
      return unusable("`expires_in` is not a whole number of seconds");
    out.expires_in = std::chrono::seconds(*seconds);
  }
  return out;
}

}  // namespace

std::string_view urn(TokenType type) {
  switch (type) {
    case TokenType::access_token:
      return "urn:ietf:params:oauth:token-type:access_token";
    case TokenType::id_token:
      return "urn:ietf:params:oauth:token-type:id_token";
    case TokenType::jwt:
      break;
  }
  return "urn:ietf:params:oauth:token-type:jwt";
}

Result<std::string> token_endpoint(const std::string& url, const http::Reach& reach,
                                   http::Client& http) {
  TRY(const auto parsed, Url::parse(url));
  if (!parsed.query.empty()) return url;  // no issuer has a query (RFC 8414 section 2)
  auto metadata = discover(url, reach, http);
  if (!metadata && metadata.error().code == Errc::not_found && parsed.path != "/") return url;
  if (!metadata) return std::move(metadata).error();
  if (metadata->token_endpoint.empty())
    return Error{.code = Errc::input,
                 .message = text::format("the metadata of `{}` names no `token_endpoint`", url)};
  return std::move(metadata->token_endpoint);
}

Result<Exchanged> exchange(const Exchange& ask, http::Client& http) {
  http::Request request{.method = "POST",
                        .url = ask.endpoint,
                        .headers = {{"Accept", "application/json"},
                                    {"Content-Type", "application/x-www-form-urlencoded"}},
                        .body = body_of(ask, text::join(ask.scopes, " ")),
                        .reach = ask.reach,
                        .max_body = kMaxAnswer};
  if (!ask.client_secret.empty())
    request.authorization = basic_authorization(ask.client_id, ask.client_secret);
  TRY(auto response, http.send(request));
  const WipeAfter wipe_body(response.body);
  if (response.status >= 400 && response.status < 500 && response.status != 429)
    return refusal(response, ask);
  TRY_VOID(expect_document(response, ask.endpoint));
  auto document = json::parse(response.body, {.bytes = kMaxAnswer});
  auto out = document ? read(*document) : Result<Exchanged>(std::move(document).error());
  if (!out) {
    auto error = std::move(out).error();
    error.message = without_secrets(std::move(error.message), ask);
    return std::move(error).context(shown(ask.endpoint));
  }
  out->scope =
      without(without_secrets(std::move(out->scope), ask), out->access_token, "[the token]");
  return out;
}

}  // namespace mcpauth::oauth
