#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/identity/directory.hpp"
#include "core/issuer/policy_in_force.hpp"
#include "core/token/claims.hpp"

namespace mcpauth::issuer {

/// How much a refusal says.
enum class Denials {
  explained,  ///< for a person: why, and what would help. Costs more than the decision itself.
  brief,      ///< for a server that answers strangers: what was refused and the reason code
};

/// What all tokens of an issuer have in common.
struct Terms {
  std::string url;           ///< `iss`
  std::chrono::seconds ttl;  ///< the longest lifetime that this issuer gives
  Denials denials = Denials::explained;
};

/// What a principal asks for.
struct Wanted {
  std::string audience;
  std::vector<std::string> scopes = {};  ///< empty: everything that the policy gives
  std::string tool = {};                 ///< "server/tool": what it needs, instead of `scopes`
  std::optional<std::chrono::seconds> ttl = {};  ///< empty: the longest that is allowed
  std::string org = {};  ///< the organisation that the principal must belong to; empty: any
};

/// A token that has been decided on and is not signed yet.
struct Order {
  token::Claims claims;
  std::chrono::seconds ttl{};
  // Only for the audit record:
  std::string tool = {};
  std::string subject_jti = {};  ///< of the token that was presented
  std::string policy = {};       ///< PolicyInForce::digest
};

/// Applies the policy to what a verified principal asks for. Pure. A refusal is Errc::denied with
/// the policy's reason; an explained one names the grant that is missing. The lifetime is the least
/// of what the issuer allows, what the roles held allow and what is left of the IdP token; the last
/// counts as 5 minutes at least (docs/adr/0012).
Result<Order> decide(const identity::Identified& who, const PolicyInForce& policy,
                     const Wanted& wanted, const Terms& terms, Instant now);

}  // namespace mcpauth::issuer
