#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/codec/json.hpp"
#include "core/http/client.hpp"
#include "core/identity/settings.hpp"
#include "core/jose/verify.hpp"
#include "core/policy/engine/principal.hpp"

namespace mcpauth::identity {

/// A verified token and its principal.
struct Identified {
  policy::Principal principal;
  json::Value claims;
  Instant expires;
  std::string jti = {};  ///< for the audit record; may be empty
};

/// Turns verified claims into a principal, by the IdP's profile. Pure. Every refusal has a reason
/// of its own: no-subject, no-org, wrong-tenant, groups-overage, no-groups-claim, ...
Result<policy::Principal> to_principal(const json::Value& claims, const Settings& idp);

/// The trusted IdPs with their keys, which are fetched and cached. Usable from several threads at
/// once.
class Directory {
 public:
  /// `http` and `clock` must outlive it. Fetches nothing until a token comes.
  Directory(std::vector<Settings> idps, http::Client& http, const Clock& clock);
  Directory(Directory&&) noexcept;
  ~Directory();

  /// Verifies an IdP token (signature, issuer, audience, expiry, type) and gives its principal. The
  /// unverified `iss`, and `aud` where several IdPs have that issuer, choose the IdP. Then
  /// everything, these two included, is verified with the keys and rules of that IdP only.
  ///
  /// A bad token is Errc::denied with the reason, an unknown `kid` Errc::unverifiable. A key set
  /// that cannot be fetched is Errc::network, one that cannot be used Errc::input.
  Result<Identified> identify(std::string_view token) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mcpauth::identity
