#include "core/issuer/mint.hpp"

#include <algorithm>

#include "core/base/reason.hpp"
#include "core/crypto/digest.hpp"
#include "core/issuer/denial.hpp"
#include "core/token/lifetime.hpp"

namespace mcpauth::token {
namespace {

/// The client of record where the IdP token names none: RFC 9068 wants one in every token.
constexpr std::string_view kOwnClient = "mcpauth";

std::string listed(const std::vector<std::string>& scopes) {
  std::string text = scopes.size() == 1 ? "scope " : "scopes ";
  for (const auto& scope : scopes) {
    if (&scope != scopes.data()) text += ", ";
    text += "`" + scope + "`";
  }
  return text;
}

std::vector<std::string> failing(const policy::Decision& decision,
                                 const std::vector<std::string>& asked) {
  std::vector<std::string> scopes;
  for (const auto& step : decision.evidence)
    scopes.emplace_back(step.scope);
  return scopes.empty() ? asked : scopes;
}

Result<std::vector<std::string>> for_tool(const policy::Principal& principal,
                                          const policy::Engine& engine, const std::string& tool,
                                          Instant now) {
  const policy::Decision decision = engine.tool(principal, tool, now);
  if (!decision.allowed) return denial(engine, principal, decision, "tool `" + tool + "`", now);
  return engine.needs(tool).value_or(std::vector<std::string>{});
}

Result<std::vector<std::string>> asked_for(const policy::Principal& principal,
                                           const policy::Engine& engine,
                                           const std::vector<std::string>& scopes, Instant now) {
  const policy::Decision decision = engine.scopes(principal, scopes, now);
  if (decision.allowed) return scopes;
  return denial(engine, principal, decision, listed(failing(decision, scopes)), now);
}

/// All that the policy gives. Nothing at all is a refusal: a token without any right would only
/// hide that the grant is missing.
Result<std::vector<std::string>> everything(const policy::Principal& principal,
                                            const policy::Engine& engine, Instant now) {
  auto scopes = engine.held_scopes(principal, now);
  if (!scopes.empty() || !engine.roles(principal, now).empty()) return scopes;
  policy::Decision nothing;
  nothing.reason = reason::kNoGrant;
  return denial(engine, principal, nothing, "any scope", now);
}

Result<std::vector<std::string>> scopes_of(const policy::Principal& principal,
                                           const policy::Engine& engine, const Wanted& wanted,
                                           Instant now) {
  if (!wanted.tool.empty()) return for_tool(principal, engine, wanted.tool, now);
  if (!wanted.scopes.empty()) return asked_for(principal, engine, wanted.scopes, now);
  return everything(principal, engine, now);
}

std::vector<Cap> caps_of(const identity::Identified& who,
                         const std::vector<policy::HeldRole>& roles, const Issuer& issuer,
                         Instant now) {
  std::vector<Cap> caps = {{issuer.ttl, "the issuer's ttl"}};
  for (const auto& held : roles) {
    if (!held.role->ttl) continue;
    const auto& place = held.role->name.place;
    caps.push_back({*held.role->ttl, "role `" + held.role->name.value + "` (" + place.file + ":" +
                                         std::to_string(place.span.line) + ")"});
  }
  const std::chrono::seconds left = who.expires - now;
  caps.push_back({std::max(left, kMinTtl), "the expiry of the IdP token"});
  return caps;
}

audit::Record record_of(const Claims& claims, const std::string& tool, const Ledger& ledger,
                        const std::string& id) {
  audit::Record record{.id = id, .request_id = ledger.request_id, .event = "mint"};
  record.org_id = claims.org;
  record.sub = claims.subject;
  record.idp = claims.idp;
  record.client_id = claims.client_id;
  record.server = tool.substr(0, tool.find('/'));
  record.tool = tool;
  record.scopes = claims.scopes;
  record.policy = ledger.policy;
  return record;
}

Result<void> append(const Ledger& ledger, const audit::Record& record, const Clock& clock) {
  if (ledger.log == nullptr) return {};
  TRY_VOID(ledger.log->append(record, clock.now()));
  return {};
}

std::chrono::microseconds since(std::chrono::nanoseconds start, const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::microseconds>(clock.ticks() - start);
}

}  // namespace

Result<Order> decide(const identity::Identified& who, const policy::Engine& engine,
                     const Wanted& wanted, const Issuer& issuer, Instant now) {
  const policy::Principal& principal = who.principal;
  TRY(auto scopes, scopes_of(principal, engine, wanted, now));
  const auto roles = engine.roles(principal, now);
  TRY(const std::chrono::seconds ttl, choose_ttl(wanted.ttl, caps_of(who, roles, issuer, now)));
  Order order{.claims = {.issuer = issuer.url,
                         .subject = principal.subject,
                         .audience = wanted.audience,
                         .client_id = principal.client_id.empty() ? std::string(kOwnClient)
                                                                  : principal.client_id,
                         .org = principal.org,
                         .scopes = std::move(scopes)},
              .ttl = ttl,
              .tool = wanted.tool,
              .subject_jti = who.jti};
  for (const auto& held : roles)
    order.claims.roles.push_back(held.role->name.value);
  order.claims.idp = principal.idp;
  order.claims.kind = principal.kind;
  TRY_VOID(check(order.claims));
  return order;
}

Result<Minted> mint(const Order& order, const jose::SigningKey& key, const Ledger& ledger,
                    const Clock& clock, Random& random) {
  const auto start = clock.ticks();
  audit::Record record = record_of(order.claims, order.tool, ledger, crypto::random_id(random));
  record.phase = audit::Phase::intent;
  record.decision = "allow";
  record.reason = reason::kGranted;
  record.jti = order.subject_jti;
  TRY_VOID(append(ledger, record, clock));
  auto minted = sign(order.claims, order.ttl, key, clock.now(), random);
  record.phase = audit::Phase::outcome;
  if (!minted) record.decision = "error";
  record.reason = minted ? reason::kGranted : minted.error().reason;
  if (record.reason.empty()) record.reason = mcpauth::name(minted.error().code);
  record.jti = minted ? minted->jti : std::string();
  record.latency = since(start, clock);
  TRY_VOID(append(ledger, record, clock));
  return minted;
}

Result<void> record_refusal(const policy::Principal& principal, const Wanted& wanted,
                            const Error& refusal, const Ledger& ledger, const Clock& clock,
                            Random& random) {
  const Claims claims{.issuer = {},
                      .subject = principal.subject,
                      .audience = {},
                      .client_id = principal.client_id,
                      .org = principal.org,
                      .scopes = wanted.scopes,
                      .idp = principal.idp};
  audit::Record record = record_of(claims, wanted.tool, ledger, crypto::random_id(random));
  record.decision = "deny";
  record.reason = refusal.reason;
  return append(ledger, record, clock);
}

}  // namespace mcpauth::token
