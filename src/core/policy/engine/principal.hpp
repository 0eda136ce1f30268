#pragma once

#include <string>
#include <vector>

namespace mcpauth::policy {

enum class SubjectKind { user, workload };

/// Who is asking. Made by identity from a verified token and by nobody else; what tests and
/// `explain` make up is a hypothetical one.
struct Principal {
  std::string idp;      ///< name of the configured IdP
  std::string subject;  ///< the token's `sub` (or what the profile takes for it)
  SubjectKind kind = SubjectKind::user;
  std::string org;                  ///< never empty in a principal that identity made
  std::vector<std::string> groups;  ///< each "idp:group", byte for byte
  std::string client_id;            ///< who asked in the subject's name; may be empty
};

}  // namespace mcpauth::policy
