#include "core/issuer/mint.hpp"

#include <utility>

#include "core/base/reason.hpp"
#include "core/crypto/digest.hpp"

namespace mcpauth::issuer {
namespace {

/// The fields that describe the tool; a mint that is not for a tool leaves both empty.
void set_tool(audit::Record& record, const std::string& tool) {
  record.server = tool.substr(0, tool.find('/'));
  record.tool = tool;
}

audit::Record new_record(const MintContext& context) {
  return {
      .id = crypto::random_id(context.random), .request_id = context.request_id, .event = "mint"};
}

audit::Record intent_of(const Order& order, const MintContext& context) {
  audit::Record record = new_record(context);
  record.phase = audit::Phase::intent;
  record.org_id = order.claims.org;
  record.sub = order.claims.subject;
  record.idp = order.claims.idp;
  record.client_id = order.claims.client_id;
  set_tool(record, order.tool);
  record.scopes = order.claims.scopes;
  record.decision = "allow";
  record.reason = reason::kGranted;
  record.policy = order.policy;
  record.jti = order.subject_jti;
  return record;
}

/// Turns the record of the intent into the record of the outcome.
void set_outcome(audit::Record& record, const Result<token::Minted>& minted) {
  record.phase = audit::Phase::outcome;
  record.jti = minted ? minted->jti : std::string();
  if (minted) return;
  const Error& error = minted.error();
  record.decision = "error";
  record.reason = error.reason.empty() ? mcpauth::name(error.code) : error.reason;
}

Result<void> append(const audit::Record& record, const MintContext& context) {
  if (context.audit_log == nullptr) return {};
  TRY_VOID(context.audit_log->append(record, context.clock.now()));
  return {};
}

std::chrono::microseconds since(std::chrono::nanoseconds start, const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::microseconds>(clock.ticks() - start);
}

}  // namespace

Result<token::Minted> mint(const Order& order, const jose::SigningKey& key,
                           const MintContext& context) {
  const auto start = context.clock.ticks();
  audit::Record record = intent_of(order, context);
  TRY_VOID(append(record, context));
  auto minted = token::sign(order.claims, order.ttl, key, context.clock.now(), context.random);
  set_outcome(record, minted);
  record.latency = since(start, context.clock);
  TRY_VOID(append(record, context));
  return minted;
}

Result<void> record_refusal(const Refusal& refusal, const MintContext& context) {
  audit::Record record = new_record(context);
  record.org_id = refusal.principal.org;
  record.sub = refusal.principal.subject;
  record.idp = refusal.principal.idp;
  record.client_id = refusal.principal.client_id;
  set_tool(record, refusal.wanted.tool);
  record.scopes = refusal.wanted.scopes;
  record.decision = "deny";
  record.reason = refusal.reason;
  record.policy = refusal.policy;
  return append(record, context);
}

}  // namespace mcpauth::issuer
