#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/identity/claims.hpp"
#include "core/identity/directory.hpp"
#include "core/identity/profile.hpp"

namespace mcpauth::identity {
namespace {

Result<std::string> first_of(const json::Value& claims,
                             std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (name.empty()) continue;
    TRY(auto text, text_claim(claims, name));
    if (text) return *std::move(text);
  }
  return std::string();
}

Result<std::string> subject_of(const json::Value& claims, const Settings& idp,
                               const Profile& profile) {
  const std::string_view wanted = idp.subject_claim;
  TRY(auto subject, wanted.empty() ? first_of(claims, {profile.subject[0], profile.subject[1]})
                                   : first_of(claims, {wanted}));
  if (!subject.empty()) return subject;
  const std::string claim(wanted.empty() ? profile.subject[0] : wanted);
  return refused(reason::kNoSubject,
                 text::format("the token has no `{}` to take the subject from", claim),
                 idp.preset == Preset::entra
                     ? "ask Entra for the `profile` scope, or set subject_claim"
                     : "have the IdP send it, or set subject_claim to the claim that names the "
                       "subject");
}

Result<std::string> org_of(const json::Value& claims, const Settings& idp) {
  if (!idp.org_id.empty()) return idp.org_id;
  if (idp.org_claim.empty()) {
    return refused(reason::kNoOrg, text::format("IdP `{}` names no organisation", idp.name),
                   "set org_id or org_claim in its [[idp]]");
  }
  TRY(auto org, text_claim(claims, idp.org_claim, kMaxOrgBytes));
  if (org) return *std::move(org);
  return refused(reason::kNoOrg,
                 text::format("the token has no `{}` to take the organisation from", idp.org_claim),
                 "have the IdP send it, or set org_id to a fixed organisation");
}

// Anybody can claim an address that has not been confirmed.
Result<void> check_email(const json::Value& claims, const Settings& idp) {
  const auto used = {&idp.subject_claim, &idp.org_claim, &idp.groups_claim};
  const bool uses_email = std::ranges::any_of(
      used, [](const std::string* claim) { return *claim == "email" || *claim == "/email"; });
  if (!uses_email) return {};
  const auto* verified = find_claim(claims, "email_verified");
  if (verified != nullptr && verified->boolean() != nullptr && *verified->boolean()) return {};
  return refused(reason::kEmailUnverified, "the IdP has not verified the token's `email`",
                 "identify people by the IdP's id: remove `email` from the [[idp]]");
}

// The same keys sign for other purposes. Security events (RFC 8417, logout tokens) name a subject
// too. A token bound to a key (RFC 7800) needs a proof, which is not available here.
Result<void> check_bearer(const json::Value& claims) {
  if (find_claim(claims, "events") != nullptr) {
    return refused(reason::kWrongType, "the token is a security event, not an identity",
                   "send an access token or an ID token");
  }
  if (find_claim(claims, "cnf") == nullptr) return {};
  return refused(reason::kWrongType, "the token is bound to a key (cnf) and came without a proof",
                 "ask the IdP for a bearer token, without DPoP or a client certificate");
}

// GitLab signs for its jobs and for people with the same keys and as the same issuer, a job chooses
// its audience itself, and its token carries the groups of whoever set it off (`groups_direct`).
Result<void> check_person(const json::Value& claims, const Settings& idp) {
  const bool job =
      find_claim(claims, "project_path") != nullptr &&
      (find_claim(claims, "pipeline_id") != nullptr || find_claim(claims, "job_id") != nullptr);
  if (!job || is_pipeline(idp.preset)) return {};
  return refused(reason::kWrongType, "the token belongs to a GitLab job, not to a person",
                 "give the job the audience of an [[idp]] with preset gitlab");
}

// OpenID Connect Core section 3.1.3.7: a token for several must say to whom it was given.
Result<void> check_several_audiences(const json::Value& claims, std::string_view client) {
  const auto* audience = find_claim(claims, "aud");
  const bool several =
      audience != nullptr && audience->array() != nullptr && audience->array()->size() > 1;
  if (!several || !client.empty()) return {};
  return refused(reason::kWrongAudience,
                 "the token is for several audiences and does not say who asked for it (azp)",
                 "ask the IdP for a token with one audience");
}

Result<std::vector<std::string>> groups_of(const json::Value& claims, const Settings& idp,
                                           const Profile& profile) {
  const bool derive = idp.groups_claim.empty() && profile.derive != nullptr;
  const std::string_view claim = idp.groups_claim.empty() ? profile.groups : idp.groups_claim;
  TRY(const auto names, derive ? profile.derive(claims) : list_claim(claims, claim));
  if (names.size() > kMaxGroups) {
    return refused(reason::kTooLarge,
                   text::format("the token carries {} groups and roles, over the limit of {}",
                                names.size(), kMaxGroups),
                   "have the IdP send only those that this policy names");
  }
  std::vector<std::string> groups;
  std::set<std::string_view> seen;
  for (const auto& name : names) {
    if (seen.insert(name).second) groups.push_back(idp.name + ":" + name);
  }
  return groups;
}

}  // namespace

Result<policy::Principal> to_principal(const json::Value& claims, const Settings& idp) {
  const auto& rules = profile(idp.preset);
  if (claims.object() == nullptr)
    return refused(reason::kMalformed, "the claims are not an object");
  TRY_VOID(check_bearer(claims));
  TRY_VOID(check_person(claims, idp));
  if (rules.check != nullptr) TRY_VOID(rules.check(claims, idp));
  TRY_VOID(check_email(claims, idp));
  policy::Principal principal;
  principal.idp = idp.name;
  TRY(principal.subject, subject_of(claims, idp, rules));
  if (rules.kind != nullptr) {
    TRY(principal.kind, rules.kind(claims));
  }
  TRY(principal.org, org_of(claims, idp));
  TRY(principal.client_id, first_of(claims, {rules.client[0], rules.client[1]}));
  TRY_VOID(check_several_audiences(claims, principal.client_id));
  TRY(principal.groups, groups_of(claims, idp, rules));
  return principal;
}

}  // namespace mcpauth::identity
