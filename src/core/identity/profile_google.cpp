#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/identity/claims.hpp"
#include "core/identity/profile.hpp"

namespace mcpauth::identity {

Result<void> check_google(const json::Value& claims, const Settings& idp) {
  TRY(const auto domain, text_claim(claims, "hd"));
  if (!domain) {
    return refused(reason::kWrongTenant,
                   "the token has no `hd`: it is of a consumer or service account",
                   "sign in with an account of the Google Workspace domain");
  }
  if (!idp.hosted_domain.empty() && *domain != idp.hosted_domain) {
    return refused(
        reason::kWrongTenant,
        text::format("the token is of domain `{}`, not `{}`", *domain, idp.hosted_domain),
        text::format("sign in with an account of `{}`", idp.hosted_domain));
  }
  if (!idp.groups_claim.empty() && find_claim(claims, idp.groups_claim) == nullptr) {
    return refused(
        reason::kNoGroupsClaim,
        text::format("Google puts no groups into its tokens: there is no `{}`", idp.groups_claim),
        text::format("remove groups_claim and grant to the domain, `{}:{}`, or put an IdP "
                     "that sends groups in front of Google",
                     idp.name, *domain));
  }
  return {};
}

Result<std::vector<std::string>> groups_google(const json::Value& claims) {
  TRY(auto domain, needed_claim(claims, "hd", ""));
  return std::vector{std::move(domain)};
}

}  // namespace mcpauth::identity
