#pragma once

#include <string>

#include "core/audit/log/writer.hpp"
#include "core/base/clock.hpp"
#include "core/base/random.hpp"
#include "core/issuer/decide.hpp"
#include "core/jose/jwk.hpp"
#include "core/token/sign.hpp"

namespace mcpauth::issuer {

/// What one mint takes from its surroundings. What the references and the pointer lead to is used
/// from the calling thread only while the call lasts.
struct MintContext {
  const Clock& clock;
  Random& random;
  audit::Writer* audit_log = nullptr;  ///< null: nothing is recorded
  std::string request_id = {};         ///< the same in all records of one request
};

/// Records the intent, signs, and records the outcome. The caller has the token only once both
/// records are on disk; where one cannot be written there is no token (kAuditUnavailable).
Result<token::Minted> mint(const Order& order, const jose::SigningKey& key,
                           const MintContext& context);

/// What was refused, as far as it is known when it is recorded.
struct Refusal {
  const policy::Principal& principal;  ///< empty where the token was not verified
  const Wanted& wanted;
  std::string_view policy;  ///< PolicyInForce::digest
  std::string_view reason;
};

/// Records that a request was refused. Fails where the record cannot be written.
Result<void> record_refusal(const Refusal& refusal, const MintContext& context);

}  // namespace mcpauth::issuer
