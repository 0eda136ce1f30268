#pragma once

#include <string>
#include <vector>

namespace mcpauth::policy {

enum class SubjectKind { user, workload };

/// Who is asking. A real one is made by identity only, from a verified token. Tests and `rbac
/// explain` make up hypothetical ones.
struct Principal {
  std::string idp;      ///< name of the configured IdP
  std::string subject;  ///< the token's `sub`, or the claim that the profile uses for it
  SubjectKind kind = SubjectKind::user;
  std::string org;                  ///< never empty in a real principal
  std::vector<std::string> groups;  ///< each "idp:group"; compared byte for byte
  std::string client_id;            ///< the client that asked for the subject; may be empty
};

}  // namespace mcpauth::policy
