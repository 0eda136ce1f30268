#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/codec/json.hpp"
#include "core/policy/engine/principal.hpp"

namespace mcpauth::token {

/// The claims of a token of ours (RFC 9068), without the times and `jti`, which are set when it is
/// signed. Empty ones are left out.
struct Claims {
  std::string issuer;
  std::string subject;
  std::string audience;
  std::string client_id;
  std::string org;                       ///< `org_id`: every token has one
  std::vector<std::string> scopes = {};  ///< concrete ones only
  std::vector<std::string> roles = {};
  std::string idp = {};
  std::optional<policy::SubjectKind> kind = {};  ///< `sub_kind`
  json::Value actor = {};         ///< `act` (RFC 8693 section 4.1), null when not delegated
  json::Value confirmation = {};  ///< `cnf` (RFC 7800), null when not bound
  json::Object extra = {};        ///< additional claims; none of the names above
};

std::string_view name(policy::SubjectKind kind);

/// Whether minting sets this claim, so that it cannot be given by hand. Ignores case.
bool is_reserved(std::string_view claim);

/// Whether it is one scope as a token may have it: a scope-token of RFC 6749 section 3.3, in
/// segments separated by colons, none of them empty or a pattern.
bool is_concrete_scope(std::string_view scope);

/// Refuses scopes that are not concrete, with Errc::usage.
Result<void> check_scopes(const std::vector<std::string>& scopes);

/// Refuses claims that no token of ours may have: issuer, subject, audience, client or org missing;
/// control characters or bytes that are not UTF-8 in one of these or in the name of a claim; a
/// scope that is not concrete; among `extra` a reserved name, or one name in two cases.
Result<void> check(const Claims& claims);

/// The members in a fixed order, without exp, iat, nbf and jti.
json::Object to_json(const Claims& claims);

}  // namespace mcpauth::token
