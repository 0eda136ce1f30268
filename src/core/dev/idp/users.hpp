#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::dev::idp {

struct User {
  std::vector<std::string> groups = {};
  std::string org_id = {};  ///< empty: tokens without `org_id`
  std::string email = {};   ///< empty: tokens without `email`
};

using Users = std::map<std::string, User, std::less<>>;

/// Reads `[users.NAME]` tables with groups, org_id and email. The Error has every problem with its
/// place. `file` is for messages.
Result<Users> parse_users(std::string_view text, std::string_view file);

/// The users when there is no file.
const Users& default_users();

}  // namespace mcpauth::dev::idp
