#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/analysis/org_groups.hpp"
#include "core/policy/engine/decide.hpp"

namespace mcpauth::policy::analysis {

/// What a policy permits compared with an earlier one, over all principals, tools and scopes at one
/// instant. `unknown`: the comparison could not be finished, so there may be more differences than
/// those found.
enum class Verdict : std::uint8_t { equivalent, less, more, incomparable, unknown };

std::string_view name(Verdict verdict);

/// Something that is compared: a tool, a scope, or the lifetime of tokens.
struct Item {
  std::string name;  ///< the tool or scope; for a lifetime the new one, "15m"
  bool is_tool = false;
  std::string pattern = {};  ///< set when the tool is a witness: its pattern
  std::string was = {};      ///< for a lifetime the old one; else empty
  /// How it is shown: "hr/set_*", "db:read:*", "a lifetime of 15m, not 5m".
  std::string shown() const;
  /// The same with backquotes around a name: "`hr/set_*`", "`db:read:*`".
  std::string text() const;
};

/// What some groups gain or lose. A longer lifetime is a gain. When it is combined, only those who
/// are in all of the groups gain or lose; else everybody who is in any of them does.
struct Change {
  bool is_gain = false;
  bool is_combined = false;
  std::vector<OrgGroup> groups = {};    ///< sorted by org and name; of one org when combined
  std::vector<std::size_t> items = {};  ///< positions in Difference::items, ascending
};

/// The difference of two policies. It is exact unless `unsure` says otherwise: if a principal may
/// do something under one of the policies only, then one of its groups is in a change of that item
/// that is not combined, or there is a combined change of that item for its org and IdP.
struct Difference {
  Verdict verdict = Verdict::equivalent;
  std::vector<Item> items = {};          ///< those in a change
  std::vector<Change> changes = {};      ///< gains first; combined ones after the others
  std::vector<std::string> unsure = {};  ///< why it is not exact; one sentence each, no full stop

  bool has_gain() const;
  bool has_loss() const;
};

/// Bounds on a comparison. Where one is exceeded, the answer says that it is not exact.
struct DiffLimits {
  std::size_t work = 300'000'000;           ///< simple steps
  std::size_t cells = 100'000'000;          ///< classes of groups times scopes
  std::size_t org_groups = kMostOrgGroups;  ///< pairs of a group and an org
  std::size_t scopes = 50'000;              ///< made up as witnesses
  std::size_t tool_places = 1'000'000;      ///< see witness_tools
  std::size_t moments = 64;                 ///< instants at which grants end
};

/// Compares what every possible principal may do under two policies at one instant. A principal has
/// one org and any of the groups of one IdP. Sets of groups are not enumerated, yet a person who is
/// denied by one group and allowed by another is found as well. Lifetimes are compared for those
/// who hold a role under both policies, if only through another of their groups.
Difference diff(const policy::Engine& before, const policy::Engine& after, Instant now,
                const DiffLimits& limits = {});

/// Whether to leave a group out. The second argument is the roles that it gives.
using Skip = std::function<bool(const OrgGroup&, std::span<const policy::HeldRole>)>;

/// Everybody who may do one thing, as the gain over a policy that allows nothing: each group that
/// is enough alone and, for each org and IdP that has one, a smallest set of groups that is enough
/// only together.
Difference reach(const policy::Engine& engine, const Item& item, Instant now, const Skip& skip = {},
                 const DiffLimits& limits = {});

}  // namespace mcpauth::policy::analysis
