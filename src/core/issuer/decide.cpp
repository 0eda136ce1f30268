#include "core/issuer/decide.hpp"

#include <algorithm>
#include <utility>

#include "core/base/reason.hpp"
#include "core/base/ttl.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/issuer/denial.hpp"
#include "core/token/lifetime.hpp"

namespace mcpauth::issuer {
namespace {

using Scopes = std::vector<std::string>;

/// The client of record where the IdP token names none: RFC 9068 requires one in every token.
constexpr std::string_view kOwnClient = "mcpauth";

/// One request to the policy.
struct Question {
  const policy::Principal& principal;
  const policy::Engine& engine;
  Instant now;
  Denials denials;

  Error denied(const policy::Decision& decision, std::string_view asked) const {
    Error error = denial(principal, decision, asked);
    if (denials == Denials::explained) explain(error, engine, principal, decision, now);
    return error;
  }
};

std::string scope_list(const Scopes& scopes) {
  std::vector<std::string> quoted;
  for (const auto& scope : scopes)
    quoted.push_back(text::quoted(scope));
  return (scopes.size() == 1 ? "scope " : "scopes ") + text::join(quoted, ", ");
}

Scopes failing(const policy::Decision& decision, const Scopes& asked) {
  Scopes scopes;
  for (const auto& step : decision.evidence)
    scopes.emplace_back(step.scope);
  return scopes.empty() ? asked : scopes;
}

Result<Scopes> scopes_for_tool(const Question& question, const std::string& tool) {
  const auto decision = question.engine.tool(question.principal, tool, question.now);
  if (!decision.allowed) return question.denied(decision, text::format("tool `{}`", tool));
  return question.engine.needs(tool).value_or(Scopes{});
}

Result<Scopes> scopes_asked_for(const Question& question, const Scopes& scopes) {
  const auto decision = question.engine.scopes(question.principal, scopes, question.now);
  if (decision.allowed) return scopes;
  return question.denied(decision, scope_list(failing(decision, scopes)));
}

/// Everything that the policy gives. A principal without a role is refused: a token without any
/// right would only hide that the grant is missing.
Result<Scopes> all_scopes(const Question& question) {
  auto scopes = question.engine.held_scopes(question.principal, question.now);
  if (!scopes.empty() || !question.engine.roles(question.principal, question.now).empty()) {
    return scopes;
  }
  policy::Decision nothing;
  nothing.reason = reason::kNoGrant;
  return question.denied(nothing, "any scope");
}

Result<Scopes> scopes_of(const Question& question, const Wanted& wanted) {
  if (!wanted.tool.empty()) return scopes_for_tool(question, wanted.tool);
  if (!wanted.scopes.empty()) return scopes_asked_for(question, wanted.scopes);
  return all_scopes(question);
}

std::vector<token::Cap> caps_of(const identity::Identified& who,
                                const std::vector<policy::HeldRole>& roles, const Terms& terms,
                                Instant now) {
  std::vector<token::Cap> caps = {{terms.ttl, "the issuer's ttl"}};
  for (const auto& held : roles) {
    if (!held.role->ttl) continue;
    const auto& [name, place] = held.role->name;
    caps.push_back(
        {*held.role->ttl, text::format("role `{}` ({}:{})", name, place.file, place.span.line)});
  }
  const std::chrono::seconds left = who.expires - now;
  caps.push_back({std::max(left, kMinTtl), "the expiry of the IdP token"});
  return caps;
}

Result<void> check_org(const std::string& org, const std::string& wanted) {
  if (wanted.empty() || org == wanted) return {};
  return Error{.code = Errc::denied,
               .message = text::format("the subject token is of org `{}`, not `{}`", org, wanted),
               .reason = reason::kWrongOrg};
}

token::Claims claims_of(const policy::Principal& principal,
                        const std::vector<policy::HeldRole>& roles, const Wanted& wanted,
                        const Terms& terms) {
  const std::string& client = principal.client_id;
  token::Claims claims{.issuer = terms.url,
                       .subject = principal.subject,
                       .audience = wanted.audience,
                       .client_id = client.empty() ? std::string(kOwnClient) : client,
                       .org = principal.org};
  for (const auto& held : roles)
    claims.roles.push_back(held.role->name.value);
  claims.idp = principal.idp;
  claims.kind = principal.kind;
  return claims;
}

}  // namespace

Result<Order> decide(const identity::Identified& who, const PolicyInForce& policy,
                     const Wanted& wanted, const Terms& terms, Instant now) {
  const policy::Principal& principal = who.principal;
  TRY_VOID(check_org(principal.org, wanted.org));
  TRY(auto scopes, scopes_of({principal, policy.engine, now, terms.denials}, wanted));
  const auto roles = policy.engine.roles(principal, now);
  TRY(const auto ttl, token::choose_ttl(wanted.ttl, caps_of(who, roles, terms, now)));
  Order order{.claims = claims_of(principal, roles, wanted, terms),
              .ttl = ttl,
              .tool = wanted.tool,
              .subject_jti = who.jti,
              .policy = policy.digest};
  order.claims.scopes = std::move(scopes);
  TRY_VOID(token::check(order.claims));
  return order;
}

}  // namespace mcpauth::issuer
