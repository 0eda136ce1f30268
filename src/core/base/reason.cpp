#include "core/base/reason.hpp"

#include <algorithm>

namespace mcpauth {
namespace {

constexpr ReasonText kReasons[] = {
    {reason::kMalformed, "the token is not a compact JWS with strict base64url and JSON"},
    {reason::kTooLarge, "the token is larger than a token may be"},
    {reason::kEncrypted, "the token is a JWE; only signed tokens are accepted"},
    {reason::kAlgNone, "the token is not signed (`alg` is none)"},
    {reason::kAlgUnsupported, "the algorithm is not one of the asymmetric ones that are accepted"},
    {reason::kAlgMismatch, "the token names another algorithm than its key has"},
    {reason::kAlgNotAllowed, "the algorithm is not among those allowed here"},
    {reason::kEmbeddedKey, "the header brings its own key (jwk, jku, x5u or x5c)"},
    {reason::kUnknownCrit, "the header marks an extension as critical that is not known"},
    {reason::kUnencodedPayload, "the payload is not base64url (RFC 7797 b64=false)"},
    {reason::kUnknownKid, "no key with this `kid` is in the key set"},
    {reason::kMissingKid, "the token names no key and the key set has several that fit"},
    {reason::kKeyUse, "the key is not for verifying signatures (use or key_ops)"},
    {reason::kBadSignature, "the signature does not fit the key and the content"},
    {reason::kWrongType, "the token is of another type than expected (typ)"},
    {reason::kWrongIssuer, "the token was issued by somebody else"},
    {reason::kWrongAudience, "the token is for somebody else"},
    {reason::kExpired, "the token has expired"},
    {reason::kMissingExpiry, "the token never expires (no exp)"},
    {reason::kNotYetValid, "the token is not valid yet (nbf)"},
    {reason::kIssuedInFuture, "the token was issued in the future (iat)"},
    {reason::kTooOld, "the token was issued longer ago than allowed"},
    {reason::kBadClaim, "a claim has the wrong type, range or value"},
    {reason::kMissingClaim, "a required claim is missing"},
    {reason::kWrongOrg, "the token is of another organisation"},
    {reason::kMissingScope, "the token lacks a required scope"},
    {reason::kKeySetUnusable, "the key set holds no key that can be used"},
    {reason::kKeyNotPublic, "the key set holds private or symmetric key material"},
    {reason::kKeyWeak, "the key is too weak (RSA under 2048 bits, or a bad exponent)"},
    {reason::kKeyInvalid, "the key is not a valid key (members, lengths or point)"},
    {reason::kUnknownIdp, "the token's issuer is not one of the configured IdPs"},
    {reason::kAmbiguousIdp, "the token's audiences fit several of the configured IdPs"},
    {reason::kNoSubject, "the token names no subject"},
    {reason::kNoOrg, "the principal has no organisation"},
    {reason::kWrongTenant, "the token is of another tenant or domain than the configured one"},
    {reason::kGroupsOverage, "the IdP left the groups out because there are too many"},
    {reason::kNoGroupsClaim, "the token carries no groups claim"},
    {reason::kEmailUnverified, "the e-mail address is not verified by the IdP"},
    {reason::kIdpUnreachable, "the IdP's keys cannot be had"},
    {reason::kGranted, "a role held grants every scope that is needed"},
    {reason::kOpenTool, "the tool needs no scope and the principal holds a role"},
    {reason::kNoRole, "the principal holds no role"},
    {reason::kNoGrant, "no grant applies to the principal's groups in this organisation"},
    {reason::kUnknownTool, "no tool pattern matches the tool"},
    {reason::kScopeNotHeld, "no role held allows a needed scope"},
    {reason::kScopeDenied, "a role held denies a needed scope"},
    {reason::kBadScope, "the scope is not a concrete scope"},
    {reason::kUnknownScope, "the scope is not in the policy's catalogue [scopes]"},
    {reason::kTtlOutOfRange, "the lifetime is outside 5 to 15 minutes or over the policy's cap"},
    {reason::kAuditUnavailable, "the audit record cannot be written"},
    {reason::kUnsealedTail, "records that no checkpoint covered were taken over at a start"},
    {reason::kTornLastLine, "an incomplete last line was cut off at a start"},
    {reason::kExchangeRefused, "the token endpoint refused the exchange"},
    {reason::kAddressForbidden, "the address is private, local or reserved"},
};

}  // namespace

std::span<const ReasonText> reasons() {
  return kReasons;
}

std::string_view meaning(std::string_view code) {
  const auto* found = std::ranges::find(kReasons, code, &ReasonText::code);
  return found == std::end(kReasons) ? std::string_view{} : found->meaning;
}

}  // namespace mcpauth
