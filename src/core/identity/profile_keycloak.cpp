#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/identity/claims.hpp"
#include "core/identity/profile.hpp"

namespace mcpauth::identity {
namespace {

// Realm roles, client roles and groups share one name space here, so the slash that tells them
// apart must not come from a name: in role and client names "/" is written %2F and "%" is %25.
std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '/') {
      out += "%2F";
    } else if (c == '%') {
      out += "%25";
    } else {
      out += c;
    }
  }
  return out;
}

Result<void> add_roles(const json::Value& access, const std::string& prefix,
                       std::vector<std::string>& groups) {
  if (access.object() == nullptr) {
    return refused(reason::kBadClaim, "claim `realm_access` or `resource_access` is not an object");
  }
  TRY(const auto roles, list_claim(access, "roles"));
  for (const auto& role : roles)
    groups.push_back(prefix + escaped(role));
  return {};
}

Result<void> add_client_roles(const json::Value& claims, std::vector<std::string>& groups) {
  const auto* clients = find_claim(claims, "resource_access");
  if (clients == nullptr) return {};
  if (clients->object() == nullptr) {
    return refused(reason::kBadClaim, "claim `resource_access` is not an object");
  }
  for (const auto& [client, access] : *clients->object()) {
    if (client.empty() || !is_plain(client)) {
      return refused(reason::kBadClaim,
                     "claim `resource_access` names a client with no plain name");
    }
    TRY_VOID(add_roles(access, escaped(client) + "/", groups));
  }
  return {};
}

Result<void> add_groups(const json::Value& claims, std::vector<std::string>& groups) {
  TRY(auto paths, list_claim(claims, "groups"));
  for (auto& path : paths) {
    // Without its path a group is any group of that name, and whoever may make subgroups somewhere
    // could make one with the name of another.
    if (!path.starts_with('/')) {
      return refused(reason::kBadClaim, text::format("group `{}` is not a path", path),
                     "turn `Full group path` on in the realm's group membership mapper");
    }
    groups.push_back(std::move(path));
  }
  return {};
}

}  // namespace

Result<void> check_keycloak(const json::Value& claims, const Settings&) {
  TRY(const auto type, text_claim(claims, "typ"));
  if (!type) return {};
  // As a view: g++ 12 takes the string in the optional for uninitialised when it optimises.
  const std::string_view said = *type;
  if (said == "Bearer" || said == "ID") return {};
  return refused(reason::kWrongType, text::format("the token has Keycloak's type `{}`", *type),
                 "send the access token (Bearer) or the ID token");
}

Result<policy::SubjectKind> kind_keycloak(const json::Value& claims) {
  TRY(const auto username, text_claim(claims, "preferred_username"));
  TRY(const auto client, text_claim(claims, "clientId"));
  TRY(const auto client_id, text_claim(claims, "client_id"));
  // The name alone is not enough: a realm may let people choose theirs.
  const bool service = username && username->starts_with("service-account-");
  return service && (client || client_id) ? policy::SubjectKind::workload
                                          : policy::SubjectKind::user;
}

Result<std::vector<std::string>> groups_keycloak(const json::Value& claims) {
  std::vector<std::string> groups;
  if (const auto* realm = find_claim(claims, "realm_access")) {
    TRY_VOID(add_roles(*realm, "", groups));
  }
  TRY_VOID(add_client_roles(claims, groups));
  TRY_VOID(add_groups(claims, groups));
  return groups;
}

}  // namespace mcpauth::identity
