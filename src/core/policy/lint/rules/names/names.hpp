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

/// A name that the policy uses. A pattern with a wildcard is not a name.
struct Name {
  NameKind kind = NameKind::role;
  std::string value;
  std::vector<const Place*> places = {};  ///< its definition first, then in the order of the file
  bool is_whole = true;  ///< false if it is only a part of what its places hold: the IdP of a group
  bool is_known = false;  ///< --groups or --tools lists it

  std::string text() const;  ///< "role `dev`"
  std::string path() const;  ///< `roles.dev`, `groups["okta:HR"]`
  const Place& place() const { return *places.front(); }
};

/// Every name once, by kind and in the order of first use. Points into the subject.
std::vector<Name> names_of(const Subject& subject);

/// Whether it contains characters that are invisible or that change how the rest is displayed.
bool has_hidden(std::string_view text);

/// Whether a rule may report this name by itself: it has nothing hidden, and if it is an IdP, it is
/// not only a part of group names, which are reported themselves.
bool is_judged_alone(const Name& name);

/// The fix that renames it in all its places.
Fix renaming(const Name& name, std::string_view to);

}  // namespace mcpauth::policy::lint
