#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/policy/engine/decide.hpp"

namespace mcpauth::policy::analysis {

/// Everybody whom a policy can tell apart by one group: a group in an org. A real principal has one
/// org and any number of groups of one IdP; what it may do follows from what each of them may,
/// since allows and denies add up.
struct Member {
  std::string org;
  std::string group;  ///< "idp:group"
  bool is_any_other_org =
      false;  ///< `org` is made up: it stands for every org in which the group is no other member
  /// Where it is said of which orgs more is told: those among them of which the same is not true.
  std::optional<std::vector<std::string>> but = {};

  std::string_view idp() const { return std::string_view(group).substr(0, group.find(':')); }
  /// "acme", "any other org"; with `but` "every org", "every org but acme".
  std::string where() const;
  /// "okta:HR in acme"
  std::string text() const;
};

/// For each group the orgs in which it is a member of its own. The members must outlive it.
using OwnOrgs = std::unordered_map<std::string_view, std::vector<std::string_view>>;
OwnOrgs own_orgs(std::span<const Member> all);

/// Sets `but` of those that are for any other org: the orgs in which the same group is a member of
/// its own and none of `some`.
void set_exceptions(std::vector<Member>& some, const OwnOrgs& own);

/// The principal that these groups make; all of the same org.
policy::Principal principal_of(std::span<const Member* const> members);
policy::Principal principal_of(const Member& member);

/// The members of all these policies, by org and group: each group in every org that some policy
/// names for it, and in one that none names. Grows with the number of grants times their groups
/// (and, for groups of grants without an org, with the orgs that name their IdPs): an org that no
/// grant and no [orgs] entry sets apart is "any other".
std::vector<Member> members_of(std::span<const policy::Policy* const> policies);

/// As many as they can be, without making them: a group that holds something in every org is a
/// member of each org that names its IdPs, and a file can be written to have millions.
std::size_t most_members(std::span<const policy::Policy* const> policies);
inline constexpr std::size_t kMostMembers = 2'000'000;

/// Members whom the policy treats alike.
struct Kind {
  std::vector<policy::HeldRole> roles;     ///< held, in file order; into the engine's policy
  std::vector<policy::Standing> standing;  ///< to each scope of the universe, in its order
  std::vector<std::size_t> members;        ///< positions in Effective::members
};

/// What every single group gives, at one instant. Asked of the Engine; there is no second reading
/// of the rules here.
struct Effective {
  std::vector<Member> members;
  std::vector<std::string> scopes;   ///< the universe
  std::vector<Kind> kinds;           ///< those who hold something
  std::vector<std::size_t> kind_of;  ///< by member; kNothing: holds no role

  /// False when the work was cut short: then nothing of it may be built upon.
  bool is_complete = true;

  static constexpr std::size_t kNothing = static_cast<std::size_t>(-1);
};

/// The engine must outlive it. `members` may be of several policies. `most` bounds the work: roles
/// granted, summed over members, and the bytes of what is kept, roles held and standings.
Effective effective_of(const policy::Engine& engine, std::vector<Member> members,
                       std::vector<std::string> scopes, Instant now,
                       std::size_t most = static_cast<std::size_t>(-1));

}  // namespace mcpauth::policy::analysis
