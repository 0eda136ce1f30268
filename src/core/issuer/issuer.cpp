#include "core/issuer/issuer.hpp"

#include <utility>

namespace mcpauth::issuer {

SigningKeySource always(std::shared_ptr<const jose::SigningKey> key) {
  return [key = std::move(key)] { return key; };
}

std::optional<std::string> audience_for(std::string_view tool, const Audiences& audiences) {
  const auto found = audiences.find(tool.substr(0, tool.find('/')));
  if (tool.empty() || found == audiences.end()) return std::nullopt;
  return found->second;
}

Result<token::Minted> Issuer::mint(std::string_view idp_token, const Wanted& wanted,
                                   const MintContext& context) const {
  auto who = identify(idp_token);
  if (!who) return refuse(std::move(who).error(), {}, wanted, context);
  return mint(*who, wanted, context);
}

Result<identity::Identified> Issuer::identify(std::string_view idp_token) const {
  return settings_.directory->identify(idp_token);
}

Result<token::Minted> Issuer::mint(const identity::Identified& who, const Wanted& wanted,
                                   const MintContext& context) const {
  auto order = decide(who, wanted, context.clock.now());
  if (!order) return refuse(std::move(order).error(), who.principal, wanted, context);
  TRY(const auto key, settings_.key());
  return issuer::mint(*order, *key, context);
}

Error Issuer::refuse(Error error, const policy::Principal& principal, const Wanted& wanted,
                     const MintContext& context) const {
  if (error.code != Errc::denied) return error;
  const Refusal refusal{.principal = principal,
                        .wanted = wanted,
                        .policy = settings_.policy->digest,
                        .reason = error.reason};
  auto recorded = record_refusal(refusal, context);
  return recorded ? error : std::move(recorded).error();
}

Result<Order> Issuer::decide(const identity::Identified& who, const Wanted& wanted,
                             Instant now) const {
  const auto& [terms, directory, policy, key, audiences] = settings_;
  if (!wanted.audience.empty()) return issuer::decide(who, *policy, wanted, terms, now);
  Wanted complete = wanted;
  complete.audience = audience_for(wanted.tool, audiences).value_or("");
  return issuer::decide(who, *policy, complete, terms, now);
}

}  // namespace mcpauth::issuer
