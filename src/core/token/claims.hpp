#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/codec/json.hpp"
#include "core/policy/engine/principal.hpp"

namespace mcpauth::token {

/// What a token of ours says about its bearer (RFC 9068 shape); the times and `jti` come with the
/// signature. What is empty is left out.
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
  json::Object extra = {};        ///< further claims; none of the names above
};

std::string_view name(policy::SubjectKind kind);

/// Whether minting decides this claim, so that nobody may give it by hand, in whatever case.
bool is_reserved(std::string_view claim);

/// Whether it is one scope as a token may carry it: scope-token of RFC 6749 section 3.3, segments
/// divided by colons, none empty and none a pattern.
bool is_concrete_scope(std::string_view scope);

/// Refuses scopes that are not concrete, with Errc::usage.
Result<void> check_scopes(const std::vector<std::string>& scopes);

/// Refuses what no token of ours may be: no issuer, subject, audience, client or org, a control
/// character or bytes that are not UTF-8 in one of them or in a claim's name, a scope that is not
/// concrete, a reserved name or one name in two cases among the further claims.
Result<void> check(const Claims& claims);

/// The members in a fixed order, without exp, iat, nbf and jti.
json::Object to_json(const Claims& claims);

}  // namespace mcpauth::token
