#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/audit/log/writer.hpp"
#include "core/identity/directory.hpp"
#include "core/policy/engine/decide.hpp"
#include "core/token/sign.hpp"

namespace mcpauth::token {

/// Who mints: `iss`, and the longest lifetime that it gives.
struct Issuer {
  std::string url;
  std::chrono::seconds ttl;
};

/// What is asked for in somebody's name.
struct Wanted {
  std::string audience;
  std::vector<std::string> scopes = {};  ///< none: all that the policy gives
  std::string tool = {};                 ///< "server/tool": instead of scopes, what it needs
  std::optional<std::chrono::seconds> ttl = {};
};

/// What a token will say and how long it will live, decided and not yet signed.
struct Order {
  Claims claims;
  std::chrono::seconds ttl{};
  std::string tool = {};         ///< for the record
  std::string subject_jti = {};  ///< of the token that asked; for the record
};

/// Applies the policy to what a verified principal asks for. Pure. What it may not have is
/// Errc::denied with the policy's reason, and the error names the missing edge; the lifetime is the
/// least of the issuer's, that of the roles held and what is left of the IdP token (at least 5
/// minutes: docs/adr/0012).
Result<Order> decide(const identity::Identified& who, const policy::Engine& engine,
                     const Wanted& wanted, const Issuer& issuer, Instant now);

/// Where mints are recorded. Without a log nothing is recorded.
struct Ledger {
  audit::Writer* log = nullptr;
  std::string request_id = {};
  std::string policy = {};  ///< SHA-256 of the policy, base64url
};

/// Records the intent, signs, records the outcome: the token exists for the caller only once both
/// records are on disk. Where one cannot be written there is no token (kAuditUnavailable).
Result<Minted> mint(const Order& order, const jose::SigningKey& key, const Ledger& ledger,
                    const Clock& clock, Random& random);

/// Records that a request was refused. Fails where the record cannot be written.
Result<void> record_refusal(const policy::Principal& principal, const Wanted& wanted,
                            const Error& refusal, const Ledger& ledger, const Clock& clock,
                            Random& random);

}  // namespace mcpauth::token
