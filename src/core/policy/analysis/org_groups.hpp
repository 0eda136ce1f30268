#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/policy/engine/policy.hpp"
#include "core/policy/engine/principal.hpp"

namespace mcpauth::policy::analysis {

/// One group in one org: the smallest principal that a policy can tell apart. A real principal has
/// one org and any number of groups of one IdP. What it may do follows from what each of its groups
/// may do, since allows and denies add up.
struct OrgGroup {
  std::string org;
  std::string name;  ///< "okta:HR"
  /// `org` is made up. It is the witness for every org in which the group has no entry of its own.
  bool is_any_other_org = false;
  /// In an answer that holds for any other org: the orgs for which the answer differs. Empty when
  /// it is the same for all; not set where nobody has looked.
  std::optional<std::vector<std::string>> exceptions = {};

  std::string_view idp() const { return std::string_view(name).substr(0, name.find(':')); }
  /// "acme" or "any other org"; with exceptions "every org" or "every org but acme".
  std::string where() const;
  /// "okta:HR in acme"
  std::string text() const;
};

/// For each group the orgs in which it has an entry of its own. The groups must outlive it.
using OwnOrgs = std::unordered_map<std::string_view, std::vector<std::string_view>>;
OwnOrgs own_orgs(std::span<const OrgGroup> all);

/// Sets the exceptions of the groups in `some` that are for any other org: the orgs in which the
/// same group has an entry of its own that is not in `some`.
void set_exceptions(std::vector<OrgGroup>& some, const OwnOrgs& own);

/// The principal who is in all these groups. They must be of one org.
policy::Principal principal_of(std::span<const OrgGroup* const> groups);
policy::Principal principal_of(const OrgGroup& group);

/// The groups of all these policies, sorted by org and name: each group in every org that some
/// policy names for it, and in one org that no policy names. There are about as many as the grants
/// have groups; a group that is granted something in every org also has an entry for each org whose
/// [orgs] entry lists IdPs. All orgs that no grant and no [orgs] entry sets apart are "any other".
std::vector<OrgGroup> org_groups_of(std::span<const policy::Policy* const> policies);

/// An upper bound of their number, found without making them: a small file can lead to millions.
std::size_t most_org_groups(std::span<const policy::Policy* const> policies);
inline constexpr std::size_t kMostOrgGroups = 2'000'000;

}  // namespace mcpauth::policy::analysis
