#include "core/token/lint.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

#include "core/base/ttl.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/crypto/algorithm.hpp"

namespace mcpauth::token {
namespace {

using Findings = std::vector<Finding>;

constexpr std::chrono::seconds kHour{3600};
constexpr std::chrono::seconds kSkew{60};
constexpr std::size_t kHeaderRoom = 8 * 1024;

void error(Findings& findings, std::string_view rule, std::string message) {
  findings.push_back({.rule = rule, .error = true, .message = std::move(message)});
}

void warning(Findings& findings, std::string_view rule, std::string message) {
  findings.push_back({.rule = rule, .error = false, .message = std::move(message)});
}

std::string_view string_of(const json::Value* value) {
  return value != nullptr && value->string() != nullptr ? std::string_view(*value->string())
                                                        : std::string_view();
}

/// The length of a signature by this algorithm, in bytes; 0 where it depends on the key.
std::size_t signature_bytes(crypto::Algorithm alg) {
  switch (alg) {
    case crypto::Algorithm::es256:
    case crypto::Algorithm::eddsa:
      return 64;
    case crypto::Algorithm::es384:
      return 96;
    case crypto::Algorithm::es512:
      return 132;
    case crypto::Algorithm::rs256:
    case crypto::Algorithm::rs384:
    case crypto::Algorithm::rs512:
    case crypto::Algorithm::ps256:
    case crypto::Algorithm::ps384:
    case crypto::Algorithm::ps512:
      return 0;
  }
  return 0;
}

void lint_alg(Findings& findings, const jose::Jws& token) {
  const std::string_view alg = token.alg();
  if (text::lowered(alg) == "none") {
    return error(findings, "alg-none",
                 "`alg` is " + text::quoted(alg) + ": anybody can make this token");
  }
  if (alg.starts_with("HS")) {
    return error(findings, "alg-hmac",
                 text::quoted(alg) + " is symmetric: a verifier can also make tokens");
  }
  const auto known = crypto::algorithm_named(alg);
  if (!known)
    return error(findings, "alg-unknown", "`alg` " + text::quoted(alg) + " is not accepted");
  const std::size_t expected = signature_bytes(*known);
  const std::size_t found = token.signature.size();
  if ((expected != 0 && found != expected) || found < 64) {
    error(findings, "signature-length",
          expected == 0
              ? text::format("the signature has {} bytes", found)
              : text::format("the signature has {} bytes, {} has {}", found, alg, expected));
  }
}

void lint_kid(Findings& findings, const jose::Jws& token) {
  const std::string_view kid = token.kid();
  if (kid.empty()) {
    return warning(findings, "no-kid", "no `kid`: with two keys a verifier must guess");
  }
  const bool odd =
      kid.size() > 256 || kid.find("..") != std::string_view::npos ||
      std::ranges::any_of(kid, [](unsigned char c) {
        return c <= ' ' || c == '/' || c == '\\' || c == '\'' || c == '"' || c == ';' || c >= 0x7f;
      });
  if (odd) {
    warning(findings, "odd-kid",
            "`kid` looks like a path, a query or binary: a careless verifier may act on it");
  }
}

/// Names are compared exactly (RFC 7515 section 4, RFC 7519 section 4), but not by every reader.
void lint_case(Findings& findings, const json::Object& object,
               std::span<const std::string_view> protocol, std::string_view what) {
  for (const auto& [name, value] : object) {
    const auto low = text::lowered(name);
    if (low == name || std::ranges::find(protocol, low) == protocol.end()) continue;
    error(findings, "name-case",
          text::format("the {} `{}` is not `{}`: a verifier that ignores case takes it for that",
                       what, name, low));
  }
}

void lint_header(Findings& findings, const jose::Jws& token) {
  constexpr std::array<std::string_view, 13> kProtocol = {
      "alg", "typ", "cty", "kid", "crit", "jwk", "jku", "x5u", "x5c", "x5t", "b64", "zip", "enc"};
  lint_case(findings, *token.header.object(), kProtocol, "header member");
  lint_alg(findings, token);
  for (const auto* name : {"jwk", "jku", "x5u", "x5c"}) {
    if (token.header.find(name) == nullptr) continue;
    error(findings, "embedded-key",
          text::format("the header brings its own key (`{}`): a verifier that uses it accepts "
                       "anybody's token",
                       name));
  }
  if (token.header.find("crit") != nullptr) {
    error(findings, "unknown-crit",
          "`crit` is present: verifiers that do not know the extension refuse it");
  }
  if (token.header.find("b64") != nullptr) {
    error(findings, "unencoded-payload", "`b64` is present (RFC 7797): a JWT must not use it");
  }
  if (token.header.find("zip") != nullptr) {
    warning(findings, "compressed", "`zip` has no meaning in a signed token");
  }
  lint_kid(findings, token);
  const std::string typ = text::lowered(token.typ());
  if (typ.empty()) {
    warning(findings, "no-typ", "no `typ`: it can be mistaken for a token of another kind");
  } else if (typ != "at+jwt" && typ != "application/at+jwt") {
    warning(findings, "not-at-jwt",
            "`typ` is " + text::quoted(token.typ()) + ", an access token says `at+jwt` (RFC 9068)");
  }
  const std::size_t size = token.signing_input.size() + 1 + (token.signature.size() * 4 + 2) / 3;
  if (size > kHeaderRoom) {
    warning(findings, "large-token",
            text::format("it has {} bytes: many servers refuse a header over 8 KiB", size));
  }
}

/// A NumericDate, or nothing. A claim that is present but not a time is a finding.
std::optional<Instant> date(Findings& findings, const json::Value& claims, std::string_view name) {
  const auto* value = claims.find(name);
  if (value == nullptr) return std::nullopt;
  const auto number = value->number();
  // The end of year 9999; far beyond it, arithmetic in seconds would overflow.
  if (!number || *number < 0 || *number > 253'402'300'799.0) {
    error(findings, "bad-time", text::quoted(name) + " is not a time in seconds");
    return std::nullopt;
  }
  return Instant(std::chrono::seconds(static_cast<std::int64_t>(*number)));
}

void lint_life(Findings& findings, Instant from, Instant exp, std::string_view since) {
  const std::chrono::seconds life = exp - from;
  if (life <= kMaxTtl) return;
  const std::string message =
      text::format("it lives {}{}, a token for MCP at most {}", time::format_duration(life), since,
                   time::format_duration(kMaxTtl));
  if (life > kHour) return error(findings, "long-life", message);
  warning(findings, "long-life", message);
}

void lint_times(Findings& findings, const json::Value& claims, Instant now) {
  const auto exp = date(findings, claims, "exp");
  const auto iat = date(findings, claims, "iat");
  const auto nbf = date(findings, claims, "nbf");
  if (claims.find("exp") == nullptr) error(findings, "no-exp", "no `exp`: it never expires");
  if (claims.find("iat") == nullptr) warning(findings, "no-iat", "no `iat`: its age is unknown");
  if (exp) lint_life(findings, iat.value_or(now), *exp, iat ? "" : " from now");
  if (exp && iat && *exp <= *iat)
    error(findings, "exp-before-iat", "it expires before it was issued");
  if (exp && nbf && *exp <= *nbf)
    error(findings, "exp-before-nbf", "it expires before it is valid");
  if (iat && *iat > now + kSkew) {
    error(findings, "iat-in-future",
          "it was issued in the future (" + time::relative(*iat, now) + ")");
  }
}

void lint_audience(Findings& findings, const json::Value& claims) {
  const auto* aud = claims.find("aud");
  if (aud == nullptr) {
    return error(findings, "no-aud", "no `aud`: every server that trusts the issuer accepts it");
  }
  std::vector<std::string_view> audiences;
  if (aud->string() != nullptr) audiences.emplace_back(*aud->string());
  if (aud->array() != nullptr) {
    for (const auto& one : *aud->array())
      audiences.push_back(string_of(&one));
  }
  if (audiences.empty() || std::ranges::find(audiences, "") != audiences.end()) {
    return error(findings, "bad-aud", "`aud` is not a string or a list of strings");
  }
  if (audiences.size() > 1) {
    warning(
        findings, "many-audiences",
        text::format("`aud` names {} audiences: each can use it at the others", audiences.size()));
  }
  for (const auto one : audiences) {
    if (one.find('*') == std::string_view::npos) continue;
    error(findings, "wildcard-aud", "`aud` " + text::quoted(one) + " is a pattern");
  }
}

void lint_identity(Findings& findings, const json::Value& claims) {
  const std::string_view iss = string_of(claims.find("iss"));
  if (iss.empty()) {
    error(findings, "no-iss", "no `iss`: a verifier cannot tell whose key signed it");
  } else if (!iss.starts_with("https://")) {
    warning(findings, "iss-not-https", "`iss` " + text::quoted(iss) + " is not an https URL");
  }
  if (string_of(claims.find("sub")).empty())
    error(findings, "no-sub", "no `sub`: it identifies nobody");
  if (string_of(claims.find("client_id")).empty()) {
    warning(findings, "no-client-id", "no `client_id` (RFC 9068)");
  }
  if (string_of(claims.find("jti")).empty()) {
    warning(findings, "no-jti", "no `jti`: a log cannot tell it from other tokens");
  }
  if (string_of(claims.find("org_id")).empty()) {
    warning(findings, "no-org",
            "no `org_id`: a server with several tenants cannot keep them apart");
  }
}

void lint_scope(Findings& findings, const json::Value& claims) {
  const auto* scope = claims.find("scope");
  if (scope == nullptr) scope = claims.find("scp");
  if (scope == nullptr) {
    return warning(findings, "no-scope", "no `scope`: what it may do is left to the server");
  }
  std::vector<std::string_view> scopes;
  if (scope->array() != nullptr) {
    for (const auto& one : *scope->array())
      scopes.push_back(string_of(&one));
  } else {
    scopes = text::split(string_of(scope), ' ');
  }
  for (const auto one : scopes) {
    if (one.empty()) {
      return warning(findings, "bad-scope",
                     "`scope` is not a list of words separated by single spaces");
    }
    if (one.find('*') == std::string_view::npos) continue;
    error(findings, "wildcard-scope",
          "scope " + text::quoted(one) + " is a pattern: it grants what does not exist yet");
  }
}

bool looks_secret(std::string_view name, std::string_view value) {
  constexpr std::array<std::string_view, 10> kNames = {
      "password",    "passwd",       "secret",        "api_key",       "apikey",
      "private_key", "access_token", "refresh_token", "client_secret", "credential"};
  const std::string low = text::lowered(name);
  if (std::ranges::any_of(kNames, [&](auto word) { return low.find(word) != std::string::npos; })) {
    return true;
  }
  constexpr std::array<std::string_view, 7> kStarts = {"-----BEGIN", "eyJ",  "ghp_", "github_pat_",
                                                       "xoxb-",      "AKIA", "sk-"};
  return std::ranges::any_of(kStarts, [&](auto start) { return value.starts_with(start); });
}

void lint_content(Findings& findings, const json::Value& claims) {
  constexpr std::array<std::string_view, 8> kPersonal = {
      "email", "phone_number", "birthdate", "address", "ssn", "name", "given_name", "family_name"};
  for (const auto& [name, value] : *claims.object()) {
    if (looks_secret(name, string_of(&value))) {
      error(findings, "secret-claim",
            text::format(
                "the claim `{}` looks like a secret: everybody who sees the token can read it",
                name));
    } else if (std::ranges::find(kPersonal, name) != kPersonal.end()) {
      warning(
          findings, "personal-claim",
          text::format("the claim `{}` is personal: it is in every log that has the token", name));
    }
  }
}

}  // namespace

std::vector<Finding> lint(const jose::Jws& token, Instant now) {
  Findings findings;
  lint_header(findings, token);
  const auto claims = json::parse(text_of(token.payload));
  if (!claims || claims->object() == nullptr) {
    error(findings, "no-claims", "the payload is not a JSON object, so this is not a JWT");
    return findings;
  }
  constexpr std::array<std::string_view, 17> kProtocol = {
      "iss",    "sub",   "aud", "exp",    "nbf", "iat", "jti",      "client_id", "scope",
      "org_id", "roles", "idp", "groups", "act", "cnf", "sub_kind", "scp"};
  lint_case(findings, *claims->object(), kProtocol, "claim");
  lint_times(findings, *claims, now);
  lint_audience(findings, *claims);
  lint_identity(findings, *claims);
  lint_scope(findings, *claims);
  lint_content(findings, *claims);
  return findings;
}

}  // namespace mcpauth::token
