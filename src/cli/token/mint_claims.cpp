#include "cli/token/mint_claims.hpp"

#include <utility>
#include <vector>

#include "cli/frame/usage.hpp"
#include "core/codec/format.hpp"
#include "core/token/lifetime.hpp"

namespace mcpauth::cli {
namespace {

Result<json::Value> parse_claim(const std::string& name, std::string_view text) {
  auto value = json::parse(text);
  if (value) return value;
  Error error = std::move(value).error().context(text::format("the claim `{}`", name));
  error.code = Errc::usage;
  return error;
}

Result<void> add_claim(json::Object& extra, const std::string& text, bool as_json) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return usage(text::format("`{}` is not NAME=VALUE", text),
                 "as in --claim team=payroll, or --claim-json 'level=3'");
  }
  const std::string name = text.substr(0, equals);
  if (extra.find(name) != nullptr) {
    return usage(text::format("the claim `{}` is given twice", name));
  }
  json::Value value(text.substr(equals + 1));
  if (as_json) {
    TRY(value, parse_claim(name, std::string_view(text).substr(equals + 1)));
  }
  extra.set(name, std::move(value));
  return {};
}

}  // namespace

Result<token::Claims> claims_by_hand(const MintOptions& options, std::string issuer) {
  if (options.audience.empty()) return mint_needs("an audience", "give --audience A");
  if (options.org.empty()) {
    return mint_needs("an organisation", "give --org O: every token belongs to one");
  }
  token::Claims claims{.issuer = std::move(issuer),
                       .subject = options.subject,
                       .audience = options.audience,
                       .client_id = options.client_id.empty() ? "mcpauth" : options.client_id,
                       .org = options.org,
                       .scopes = options.scopes};
  for (const auto& claim : options.claims)
    TRY_VOID(add_claim(claims.extra, claim, false));
  for (const auto& claim : options.json_claims)
    TRY_VOID(add_claim(claims.extra, claim, true));
  TRY_VOID(token::check(claims));
  return claims;
}

Result<std::chrono::seconds> ttl_by_hand(const MintOptions& options, const config::Config& config) {
  if (config.issuer) {
    return token::choose_ttl(options.ttl, {{{config.issuer->ttl, "the issuer's ttl"}}});
  }
  return token::choose_ttl(options.ttl.value_or(config::Issuer{}.ttl), {});
}

Error mint_needs(std::string_view what, std::string hint) {
  return usage(text::format("mint needs {}", what), std::move(hint));
}

}  // namespace mcpauth::cli
