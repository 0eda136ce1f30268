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

/// How a policy stands to the one before it, over everybody and everything at one instant.
/// `unknown`: what was found is true, but the comparison could not be finished, so more may be
/// different.
enum class Verdict : std::uint8_t { equivalent, less, more, incomparable, unknown };

std::string_view name(Verdict verdict);

/// A tool or scope that is compared, or how long the tokens live.
struct Item {
  std::string name;  ///< one tool or scope; of a lifetime what it is now, "15m"
  bool is_tool = false;
  std::string pattern = {};  ///< of a tool that is made up: the pattern it stands for
  std::string was = {};      ///< of a lifetime what it was; empty: a tool or scope
  /// What it is for people: "hr/set_*", "db:read:*", "a lifetime of 15m, not 5m".
  std::string shown() const;
  /// "`hr/set_*`", "`db:read:*`": with backquotes where it is a name.
  std::string text() const;
};

/// What some gain or lose; a longer lifetime is a gain. Either each of the groups alone, or all of
/// them together: somebody in all of these groups, while nobody in fewer of them does.
struct Change {
  bool is_gain = false;
  bool is_combined = false;
  std::vector<OrgGroup> groups = {};    ///< sorted by org and group; of one org when together
  std::vector<std::size_t> items = {};  ///< positions in Difference::items, ascending
};

/// The difference of two policies. Exact unless `unsure` says otherwise: whoever may do something
/// in one of the two only is in one of the groups that stand alone in a change of that item, or
/// there is a change of several groups together for this item, org and IdP.
struct Difference {
  Verdict verdict = Verdict::equivalent;
  std::vector<Item> items = {};          ///< those that are in a change
  std::vector<Change> changes = {};      ///< gains first; alone before together
  std::vector<std::string> unsure = {};  ///< why it is not exact; one sentence each, no period

  bool has_gain() const;
  bool has_loss() const;
};

/// What a comparison may cost at most; beyond, the answer says that it is not exact.
struct DiffLimits {
  std::size_t work = 300'000'000;           ///< simple steps
  std::size_t cells = 100'000'000;          ///< classes of groups times scopes
  std::size_t org_groups = kMostOrgGroups;  ///< groups times orgs
  std::size_t scopes = 50'000;              ///< made up for sets of patterns
  std::size_t tool_places = 1'000'000;      ///< see witness_tools
  std::size_t moments = 64;                 ///< instants at which grants end
};

/// Compares what everybody may do under two policies at one instant: a real principal has one org
/// and any of the groups of one IdP. Whether somebody gains is decided without trying all sets of
/// groups; a person who is denied by one group and allowed by another is found as well. A lifetime
/// is compared for those who hold a role in both, also by another group of theirs.
Difference diff(const policy::Engine& before, const policy::Engine& after, Instant now,
                const DiffLimits& limits = {});

/// Groups that are to be left out of a question, with the roles that each gives.
using Skip = std::function<bool(const OrgGroup&, std::span<const policy::HeldRole>)>;

/// Everybody who may do one thing, as what they gain over a policy that allows nothing: each group
/// that is enough alone and, for each org and IdP where there is one, a smallest set that only
/// together is.
Difference reach(const policy::Engine& engine, const Item& item, Instant now, const Skip& skip = {},
                 const DiffLimits& limits = {});

}  // namespace mcpauth::policy::analysis
