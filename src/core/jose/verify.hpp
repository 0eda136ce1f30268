#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/jose/jwks.hpp"
#include "core/jose/jws.hpp"

namespace mcpauth::jose {

/// What a token must be. What is empty is not asked for, except that `exp` always is.
struct Expectations {
  std::vector<std::string> audiences = {};  ///< `aud` must hold one of these
  std::vector<std::string> issuers = {};    ///< exact strings; `iss` must be one of these
  std::vector<std::string> types = {};      ///< `typ`; empty: at+jwt, application/at+jwt, JWT, none
  std::vector<crypto::Algorithm> algs = {};  ///< empty: whatever the key is for
  std::chrono::seconds leeway{30};
  std::optional<std::chrono::seconds> max_age = {};  ///< of `iat`
  std::string org = {};                              ///< `org_id`
  std::vector<std::string> scopes = {};              ///< each in `scope`
  std::vector<std::pair<std::string, std::optional<std::string>>> required = {};  ///< claim[=value]
  bool signature_only = false;  ///< any payload; the checks on claims are left out
};

enum class Outcome { pass, fail, skip };

std::string_view name(Outcome outcome);

/// One line of the check list: parse, crit, alg, kid, signature, typ, iss, aud, exp, nbf, iat, org,
/// required, scope; and cnf, always a skip, where the token is bound to a key.
struct Check {
  std::string_view name;
  Outcome outcome = Outcome::skip;
  std::string_view reason = {};  ///< why it failed
  std::string detail = {};       ///< what was found, and what was expected where that helps
};

enum class Verdict {
  valid,
  invalid,       ///< at least one check failed
  unverifiable,  ///< the key that would decide is not in the set: not the same as invalid
};

std::string_view name(Verdict verdict);

struct Report {
  Verdict verdict = Verdict::invalid;
  std::vector<Check> checks = {};
  std::string kid = {};     ///< of the token; from outside
  json::Value header = {};  ///< only where it parsed
  json::Value claims = {};  ///< null unless the verdict is valid and the payload is a JWT's

  /// The first failed check, or null.
  const Check* first_failure() const;
};

/// The scopes of a token: `scope` as one string or as a list; nothing where it is neither. They
/// point into the claims.
std::optional<std::vector<std::string_view>> scopes_of(const json::Value& claims);

/// Judges a token against a key source, every check that can be made, not only up to the first
/// failure. The algorithm is taken from the key (RFC 8725 section 3.1). An Error means that the
/// question could not be put (the keys are not to be had), never that the token is bad.
Result<Report> verify(std::string_view token, KeySource& keys, const Expectations& expect,
                      Instant now);

/// The same against a fixed set; cannot fail. The fast path for many tokens.
Report verify(std::string_view token, const KeySet& keys, const Expectations& expect, Instant now);

}  // namespace mcpauth::jose
