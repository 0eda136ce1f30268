#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/codec/json.hpp"
#include "core/identity/settings.hpp"
#include "core/policy/engine/principal.hpp"

namespace mcpauth::identity {

/// How the tokens of one kind of IdP are read. A null function means that the kind needs none.
struct Profile {
  Preset preset = Preset::generic;
  std::string_view name;
  std::array<std::string_view, 2> subject;  ///< the first that is there is the subject
  std::array<std::string_view, 2> client;   ///< the first that is there is who asked
  std::string_view groups;                  ///< the claim that lists them; empty: `derive` does
  /// Whether the token is of the tenant that the settings name.
  Result<void> (*check)(const json::Value& claims, const Settings& idp);
  Result<policy::SubjectKind> (*kind)(const json::Value& claims);
  /// The groups that several claims make together, without the IdP's prefix.
  Result<std::vector<std::string>> (*derive)(const json::Value& claims);
};

/// The profile of a preset; every preset has one.
const Profile& profile(Preset preset);

// Entra ID (profile_entra.cpp).
Result<void> check_entra(const json::Value& claims, const Settings& idp);
Result<policy::SubjectKind> kind_entra(const json::Value& claims);

// Google Workspace (profile_google.cpp).
Result<void> check_google(const json::Value& claims, const Settings& idp);
Result<std::vector<std::string>> groups_google(const json::Value& claims);

// Keycloak (profile_keycloak.cpp).
Result<void> check_keycloak(const json::Value& claims, const Settings& idp);
Result<policy::SubjectKind> kind_keycloak(const json::Value& claims);
Result<std::vector<std::string>> groups_keycloak(const json::Value& claims);

// Pipelines (profile_ci.cpp).
Result<void> check_github(const json::Value& claims, const Settings& idp);
Result<std::vector<std::string>> groups_github(const json::Value& claims);
Result<void> check_gitlab(const json::Value& claims, const Settings& idp);
Result<std::vector<std::string>> groups_gitlab(const json::Value& claims);

}  // namespace mcpauth::identity
