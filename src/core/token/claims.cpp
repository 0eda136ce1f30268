#include "core/token/claims.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/reason.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::token {
namespace {

constexpr std::array<std::string_view, 15> kReserved = {
    "iss",   "sub",    "aud",   "exp", "iat",      "nbf", "jti", "client_id",
    "scope", "org_id", "roles", "idp", "sub_kind", "act", "cnf"};

bool is_scope_char(char c) {
  return c > ' ' && c <= '~' && c != ',' && c != '"' && c != '\\' && c != '*';
}

/// JSON text is UTF-8: other bytes would come out as another text than was given.
Result<void> refuse_other_bytes(std::string_view text) {
  if (text::is_utf8(text)) return {};
  return Error{.code = Errc::usage,
               .message = text::format("`{}` is not UTF-8, as all text in a token must be", text),
               .hint = "convert it first, as with iconv",
               .reason = reason::kBadClaim};
}

Result<void> refuse_controls(std::string_view text) {
  TRY_VOID(refuse_other_bytes(text));
  const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
  if (std::ranges::none_of(text, is_control)) return {};
  return Error{.code = Errc::usage,
               .message = text::format("`{}` contains a control character", text),
               .hint = "perhaps a line end that came with it from a file or a variable",
               .reason = reason::kBadClaim};
}

/// A reader that ignores the case of names must find each claim once, and those that we set
/// unchanged.
Result<void> check_extra(const json::Object& extra) {
  std::set<std::string> seen;
  for (const auto& [claim, value] : extra) {
    TRY_VOID(refuse_controls(claim));
    if (const auto* text = value.string()) TRY_VOID(refuse_other_bytes(*text));
    if (is_reserved(claim)) {
      return Error{.code = Errc::usage,
                   .message = text::format("the claim `{}` cannot be given by hand", claim),
                   .reason = reason::kBadClaim};
    }
    if (!seen.insert(text::lowered(claim)).second) {
      return Error{.code = Errc::usage,
                   .message = text::format("the claim `{}` is given twice, in another case", claim),
                   .hint = "some readers take the two names for the same",
                   .reason = reason::kBadClaim};
    }
  }
  return {};
}

json::Array strings(const std::vector<std::string>& words) {
  return {words.begin(), words.end()};
}

}  // namespace

std::string_view name(policy::SubjectKind kind) {
  return kind == policy::SubjectKind::user ? "user" : "workload";
}

bool is_reserved(std::string_view claim) {
  return std::ranges::find(kReserved, text::lowered(claim)) != kReserved.end();
}

bool is_concrete_scope(std::string_view scope) {
  return !scope.empty() && scope.size() <= 256 && std::ranges::all_of(scope, is_scope_char) &&
         !scope.starts_with(':') && !scope.ends_with(':') &&
         scope.find("::") == std::string_view::npos;
}

Result<void> check_scopes(const std::vector<std::string>& scopes) {
  for (const auto& scope : scopes) {
    if (is_concrete_scope(scope)) continue;
    return Error{.code = Errc::usage,
                 .message = text::format("`{}` is not a concrete scope", scope),
                 .hint = "name each scope in full, like db:read:employee, with a flag of its own",
                 .reason = reason::kBadScope};
  }
  return {};
}

Result<void> check(const Claims& claims) {
  const auto missing = [](std::string what, std::string_view why) {
    return Error{.code = Errc::usage, .message = "a token needs " + std::move(what), .reason = why};
  };
  if (claims.issuer.empty()) return missing("an issuer", reason::kMissingClaim);
  if (claims.subject.empty()) return missing("a subject", reason::kNoSubject);
  if (claims.audience.empty()) return missing("an audience", reason::kMissingClaim);
  if (claims.client_id.empty()) return missing("a client id", reason::kMissingClaim);
  if (claims.org.empty()) return missing("an organisation", reason::kNoOrg);
  for (const auto* text :
       {&claims.issuer, &claims.subject, &claims.audience, &claims.client_id, &claims.org}) {
    TRY_VOID(refuse_controls(*text));
  }
  TRY_VOID(check_scopes(claims.scopes));
  return check_extra(claims.extra);
}

json::Object to_json(const Claims& claims) {
  json::Object object;
  object.set("iss", claims.issuer);
  object.set("sub", claims.subject);
  object.set("aud", claims.audience);
  object.set("client_id", claims.client_id);
  if (!claims.scopes.empty()) object.set("scope", text::join(claims.scopes, " "));
  object.set("org_id", claims.org);
  if (!claims.roles.empty()) object.set("roles", strings(claims.roles));
  if (!claims.idp.empty()) object.set("idp", claims.idp);
  if (claims.kind) object.set("sub_kind", name(*claims.kind));
  if (!claims.actor.is_null()) object.set("act", claims.actor);
  if (!claims.confirmation.is_null()) object.set("cnf", claims.confirmation);
  for (const auto& [claim, value] : claims.extra)
    object.set(claim, value);
  return object;
}

}  // namespace mcpauth::token
