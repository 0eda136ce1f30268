#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/http/client.hpp"

namespace mcpauth::identity {

enum class Preset { generic, okta, entra, google, keycloak, github_actions, gitlab };

std::string_view name(Preset preset);
bool is_pipeline(Preset preset);                     ///< the tokens are those of CI jobs
Result<Preset> preset_named(std::string_view name);  ///< the Error suggests the nearest

/// One trusted IdP: an `[[idp]]` of the configuration, with the preset's values as defaults.
struct Settings {
  std::string name = {};
  Preset preset = Preset::generic;
  std::string issuer = {};                 ///< exact `iss`
  std::vector<std::string> audience = {};  ///< accepted `aud`; never empty
  std::string org_id = {};                 ///< fixed org; or
  std::string org_claim = {};              ///< the claim (name or JSON pointer) that names it
  std::string groups_claim = {};           ///< name or JSON pointer; empty: the preset's
  std::string subject_claim = {};          ///< empty: the preset's (`sub`; Entra `oid`; Okta `uid`)
  std::string jwks_uri = {};               ///< empty: by discovery
  std::string hosted_domain = {};          ///< Google: the `hd` that the token must carry
  std::vector<std::string> owners = {};    ///< GitHub owners, GitLab top-level groups; empty: any
  std::string client_id = {};              ///< for sign-in, later
  std::string client_secret = {};          ///< a secret reference, never a value
  http::Reach reach = {};                  ///< where requests for its keys may go
};

}  // namespace mcpauth::identity
