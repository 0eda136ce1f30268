#pragma once

#include <span>
#include <string_view>

namespace mcpauth {

/// Why an answer is no: the stable codes in audit records, in JSON and in the man page.
/// This is the one list of them. A code, once released, keeps its meaning.
namespace reason {

// tokens
inline constexpr std::string_view kMalformed = "malformed";
inline constexpr std::string_view kTooLarge = "too-large";
inline constexpr std::string_view kEncrypted = "encrypted";
inline constexpr std::string_view kAlgNone = "alg-none";
inline constexpr std::string_view kAlgUnsupported = "alg-unsupported";
inline constexpr std::string_view kAlgMismatch = "alg-mismatch";
inline constexpr std::string_view kAlgNotAllowed = "alg-not-allowed";
inline constexpr std::string_view kEmbeddedKey = "embedded-key";
inline constexpr std::string_view kUnknownCrit = "unknown-crit";
inline constexpr std::string_view kUnencodedPayload = "unencoded-payload";
inline constexpr std::string_view kUnknownKid = "unknown-kid";
inline constexpr std::string_view kMissingKid = "missing-kid";
inline constexpr std::string_view kKeyUse = "key-use";
inline constexpr std::string_view kBadSignature = "bad-signature";
inline constexpr std::string_view kWrongType = "wrong-type";
inline constexpr std::string_view kWrongIssuer = "wrong-issuer";
inline constexpr std::string_view kWrongAudience = "wrong-audience";
inline constexpr std::string_view kExpired = "expired";
inline constexpr std::string_view kMissingExpiry = "missing-expiry";
inline constexpr std::string_view kNotYetValid = "not-yet-valid";
inline constexpr std::string_view kIssuedInFuture = "issued-in-future";
inline constexpr std::string_view kTooOld = "too-old";
inline constexpr std::string_view kBadClaim = "bad-claim";
inline constexpr std::string_view kMissingClaim = "missing-claim";
inline constexpr std::string_view kWrongOrg = "wrong-org";
inline constexpr std::string_view kMissingScope = "missing-scope";
// key sets
inline constexpr std::string_view kKeySetUnusable = "key-set-unusable";
inline constexpr std::string_view kKeyNotPublic = "key-not-public";
inline constexpr std::string_view kKeyWeak = "key-weak";
inline constexpr std::string_view kKeyInvalid = "key-invalid";
// identity
inline constexpr std::string_view kUnknownIdp = "unknown-idp";
inline constexpr std::string_view kAmbiguousIdp = "ambiguous-idp";
inline constexpr std::string_view kNoSubject = "no-subject";
inline constexpr std::string_view kNoOrg = "no-org";
inline constexpr std::string_view kWrongTenant = "wrong-tenant";
inline constexpr std::string_view kGroupsOverage = "groups-overage";
inline constexpr std::string_view kNoGroupsClaim = "no-groups-claim";
inline constexpr std::string_view kEmailUnverified = "email-unverified";
inline constexpr std::string_view kIdpUnreachable = "idp-unreachable";
// policy
inline constexpr std::string_view kGranted = "granted";
inline constexpr std::string_view kOpenTool = "open-tool";
inline constexpr std::string_view kNoRole = "no-role";
inline constexpr std::string_view kNoGrant = "no-grant";
inline constexpr std::string_view kUnknownTool = "unknown-tool";
inline constexpr std::string_view kScopeNotHeld = "scope-not-held";
inline constexpr std::string_view kScopeDenied = "scope-denied";
inline constexpr std::string_view kBadScope = "bad-scope";
inline constexpr std::string_view kUnknownScope = "unknown-scope";
// minting and audit
inline constexpr std::string_view kTtlOutOfRange = "ttl-out-of-range";
inline constexpr std::string_view kAuditUnavailable = "audit-unavailable";
inline constexpr std::string_view kUnsealedTail = "unsealed-tail";
inline constexpr std::string_view kTornLastLine = "torn-last-line";
inline constexpr std::string_view kExchangeRefused = "exchange-refused";
// addresses
inline constexpr std::string_view kAddressForbidden = "address-forbidden";

}  // namespace reason

struct ReasonText {
  std::string_view code;
  std::string_view meaning;  ///< one sentence for the man page and `--verbose`
};

/// Every code above with its meaning, in the same order.
std::span<const ReasonText> reasons();

/// The sentence of a code; empty for one that is not in the list.
std::string_view meaning(std::string_view code);

}  // namespace mcpauth
