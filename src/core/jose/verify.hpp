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

/// What a token must be. An empty member is not checked. `exp` is always required.
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
  std::string detail = {};       ///< what was found, and what was expected if that helps
};

enum class Verdict {
  valid,
  invalid,       ///< at least one check failed
  unverifiable,  ///< the key to check with is not in the set, which is not the same as invalid
};

std::string_view name(Verdict verdict);

struct Report {
  Verdict verdict = Verdict::invalid;
  std::vector<Check> checks = {};
  std::string kid = {};     ///< of the token; from outside
  json::Value header = {};  ///< null when it did not parse
  json::Value claims = {};  ///< null unless the verdict is valid and the payload is a JWT's

  /// The first failed check, or null.
  const Check* first_failure() const;
};

/// The scopes of a token, from `scope` as one string or as a list; nothing when it is neither. The
/// views point into the claims.
std::optional<std::vector<std::string_view>> scopes_of(const json::Value& claims);

/// Checks a token against a key source. Makes every check that it can, also after the first
/// failure. The key decides which algorithm is allowed (RFC 8725 section 3.1). An Error means that
/// the keys are not available, never that the token is bad.
Result<Report> verify(std::string_view token, KeySource& keys, const Expectations& expect,
                      Instant now);

/// The same against a fixed set; cannot fail. The fast path for many tokens.
Report verify(std::string_view token, const KeySet& keys, const Expectations& expect, Instant now);

}  // namespace mcpauth::jose
