#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/identity/claims.hpp"
#include "core/identity/profile.hpp"

namespace mcpauth::identity {
namespace {

// Both forms carry the tenant as the first segment of the path: https://sts.windows.net/TID/ (v1)
// and https://login.microsoftonline.com/TID/v2.0.
std::string_view tenant_of(std::string_view issuer) {
  const auto parts = text::split(issuer, '/');
  return parts.size() > 3 ? parts[3] : std::string_view{};
}

// Entra leaves the groups out and says where they could be asked for: `_claim_names` in tokens of
// the code flow, `hasgroups` in those of the implicit flow. Asking would need rights in the
// directory that this product must not hold.
bool left_groups_out(const json::Value& claims) {
  const auto* flag = find_claim(claims, "hasgroups");
  if (flag != nullptr && (flag->boolean() == nullptr || *flag->boolean())) return true;
  const auto* elsewhere = find_claim(claims, "_claim_names");
  if (elsewhere == nullptr) return false;
  return elsewhere->object() == nullptr || elsewhere->find("groups") != nullptr;
}

}  // namespace

Result<void> check_entra(const json::Value& claims, const Settings& idp) {
  TRY(const auto tenant, text_claim(claims, "tid"));
  const auto expected = tenant_of(idp.issuer);
  if (!tenant || expected.empty() || *tenant != expected) {
    return refused(reason::kWrongTenant,
                   tenant
                       ? text::format("the token is of tenant `{}`, the issuer `{}` is of another",
                                      *tenant, idp.issuer)
                       : "the token has no `tid`",
                   "configure the issuer of one tenant, with its id in the path");
  }
  const std::string_view source = idp.groups_claim;
  const bool from_groups = source.empty() || source == "groups" || source == "/groups";
  if (from_groups && left_groups_out(claims)) {
    return refused(reason::kGroupsOverage,
                   "Entra left the groups out of the token because the user is in too many",
                   "under Token configuration of the app registration choose `Groups assigned to "
                   "the application`, or use app roles and set groups_claim = \"roles\"");
  }
  return {};
}

Result<policy::SubjectKind> kind_entra(const json::Value& claims) {
  TRY(const auto type, text_claim(claims, "idtyp"));
  if (type) return *type == "app" ? policy::SubjectKind::workload : policy::SubjectKind::user;
  TRY(const auto object, text_claim(claims, "oid"));
  TRY(const auto subject, text_claim(claims, "sub"));
  const bool delegated = find_claim(claims, "scp") != nullptr;
  return !delegated && object && object == subject ? policy::SubjectKind::workload
                                                   : policy::SubjectKind::user;
}

}  // namespace mcpauth::identity
