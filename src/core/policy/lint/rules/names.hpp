#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/lint/finding/finding.hpp"
#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

enum class NameKind : std::uint8_t { role, group, idp, org, scope, tool };
std::string_view name(NameKind kind);  ///< "role", "IdP", ...

/// A name that the policy uses. What has a wildcard is none.
struct Name {
  NameKind kind = NameKind::role;
  std::string value;
  std::vector<const Place*> places = {};  ///< its definition first, then in the order of the file
  bool is_whole = true;   ///< each place holds it alone: false for the IdP of a group
  bool is_known = false;  ///< the groups or tools that were given have it

  std::string text() const;  ///< "role `dev`"
  std::string path() const;  ///< `roles.dev`, `groups["okta:HR"]`
  const Place& place() const { return *places.front(); }
};

/// Every name once, by kind and in the order of first use. Points into the subject.
std::vector<Name> names_of(const Subject& subject);

/// Whether something in it cannot be seen, or changes how the rest is shown.
bool has_hidden(std::string_view text);

/// What renames it in all its places.
Fix renaming(const Name& name, std::string_view to);

// The rules on names, each in a file of its kind.

void check_hidden(const Subject& subject, const std::vector<Name>& names, Findings& findings);
void check_confusable(const std::vector<Name>& names, Findings& findings);
void check_unnormalised(const std::vector<Name>& names, Findings& findings);
void check_near(const std::vector<Name>& names, Findings& findings);
void check_opaque(const Subject& subject, Findings& findings);

}  // namespace mcpauth::policy::lint
