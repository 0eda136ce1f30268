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

/// A token that was verified, and whom it stands for.
struct Identified {
  policy::Principal principal;
  json::Value claims;
  Instant expires;
  std::string jti = {};  ///< for the audit record; may be empty
};

/// From verified claims to a principal by the IdP's profile. Pure. Every refusal has its own
/// reason: no-subject, no-org, wrong-tenant, groups-overage, no-groups-claim, ...
Result<policy::Principal> to_principal(const json::Value& claims, const Settings& idp);

/// The trusted IdPs, their keys fetched and cached.
class Directory {
 public:
  /// `http` and `clock` must outlive it. Fetches nothing yet.
  Directory(std::vector<Settings> idps, http::Client& http, const Clock& clock);
  Directory(Directory&&) noexcept;
  ~Directory();

  /// Verifies an IdP token (signature, issuer, audience, expiry, type) and says whose it is. The
  /// IdP is found by the unverified `iss`, and by `aud` where several have that issuer; everything
  /// else, these two again, is judged with that IdP's keys and rules only. A
  /// bad token is Errc::denied with the reason, an unknown `kid` Errc::unverifiable; a key set that
  /// cannot be had is Errc::network, one that cannot be used Errc::input.
  Result<Identified> identify(std::string_view token) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mcpauth::identity
