#include "core/policy/lint/fix/same.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/policy/analysis/diff_over_time.hpp"
#include "core/policy/analysis/effective.hpp"
#include "core/policy/analysis/witness_scopes.hpp"
#include "core/policy/engine/pattern.hpp"
#include "core/policy/engine/tool_index.hpp"

namespace mcpauth::policy::lint {
namespace {

using analysis::Effective;
using policy::Standing;

constexpr std::size_t kMostWork = 20'000'000;  // a second or two

using Needs = std::set<std::string_view>;
using NeedsOf = std::map<std::string_view, Needs>;

void add(const policy::Tool& tool, Needs& needs) {
  for (const auto& need : tool.needs)
    needs.insert(need.value);
}

/// The scopes that each entry of [tools] needs, either of the exact names or of the patterns.
NeedsOf needs_of(const policy::Policy& policy, bool is_exact) {
  NeedsOf out;
  for (const auto& tool : policy.tools) {
    if (policy::is_concrete(tool.pattern.value) == is_exact) add(tool, out[tool.pattern.value]);
  }
  return out;
}

/// The scopes that a call of the tool needs. Nothing when no entry matches.
std::optional<Needs> needs_by(const policy::ToolIndex& index, const policy::Policy& policy,
                              std::string_view tool) {
  const auto entries = index.find(tool);
  if (entries.empty()) return std::nullopt;
  Needs out;
  for (const auto id : entries)
    add(policy.tools[id], out);
  return out;
}

/// Whether every possible tool needs the same scopes. Patterns decide about tools that no entry
/// names, so both policies must have the same patterns. A name that only one policy has must need
/// what the patterns of the other give it.
bool same_needs(const policy::Policy& a, const policy::Policy& b) {
  if (needs_of(a, false) != needs_of(b, false)) return false;
  const auto of_a = needs_of(a, true);
  const auto of_b = needs_of(b, true);
  if (of_a == of_b) return true;
  const policy::ToolIndex index_a(a);
  const policy::ToolIndex index_b(b);
  const auto is_same = [&](const auto& entry) {
    return needs_by(index_a, a, entry.first) == needs_by(index_b, b, entry.first);
  };
  return std::ranges::all_of(of_a, is_same) && std::ranges::all_of(of_b, is_same);
}

bool has_open(const policy::Policy& policy) {
  return std::ranges::any_of(policy.tools, [](const auto& tool) { return tool.needs.empty(); });
}

/// What one policy gives to one group in one org.
struct Hold {
  bool any = false;
  std::optional<std::chrono::seconds> ttl = {};
  const std::vector<Standing>* standing = nullptr;  ///< to each scope; null: to none
};

Hold hold_of(const Effective& effective, std::size_t kind) {
  if (kind == Effective::kNothing) return {};
  Hold out{.any = true, .standing = &effective.classes[kind].standing};
  for (const auto& held : effective.classes[kind].roles) {
    const auto& ttl = held.role->ttl;
    if (ttl && (!out.ttl || *ttl < *out.ttl)) out.ttl = ttl;
  }
  return out;
}

bool is_nothing(const std::vector<Standing>* standing) {
  return standing == nullptr ||
         std::ranges::all_of(*standing, [](Standing one) { return one == Standing::absent; });
}

bool equal(const Hold& a, const Hold& b, bool has_open_tool) {
  if (a.ttl != b.ttl || (has_open_tool && a.any != b.any)) return false;
  if (a.standing == nullptr || b.standing == nullptr) {
    return is_nothing(a.standing) && is_nothing(b.standing);
  }
  return *a.standing == *b.standing;
}

bool equal(const Effective& a, const Effective& b, bool has_open_tool) {
  std::map<std::pair<std::size_t, std::size_t>, bool> known;
  for (std::size_t i = 0; i < a.groups.size(); ++i) {
    const std::pair kinds(a.class_of[i], b.class_of[i]);
    const auto [at, is_new] = known.try_emplace(kinds, true);
    if (is_new) {
      at->second = equal(hold_of(a, kinds.first), hold_of(b, kinds.second), has_open_tool);
    }
    if (!at->second) return false;
  }
  return true;
}

}  // namespace

Sameness compare(const policy::Policy& a, const policy::Policy& b, Instant now) {
  if (!same_needs(a, b)) return Sameness::different;
  const bool has_open_tool = has_open(a) || has_open(b);
  const std::array both{&a, &b};
  if (analysis::most_org_groups(both) > analysis::kMostOrgGroups) return Sameness::unknown;
  const auto universe = analysis::witness_scopes(both);
  const auto members = analysis::org_groups_of(both);
  auto moments = analysis::expiries_of(both, now);
  moments.insert(now);
  if (!universe.is_complete || members.size() * moments.size() > kMostWork) {
    return Sameness::unknown;
  }
  const policy::Engine engine_a(a);
  const policy::Engine engine_b(b);
  for (const auto moment : moments) {
    const auto most = kMostWork / moments.size();
    const auto of_a = analysis::effective_of(engine_a, members, universe.scopes, moment, most);
    const auto of_b = analysis::effective_of(engine_b, members, universe.scopes, moment, most);
    if (!of_a.is_complete || !of_b.is_complete) return Sameness::unknown;
    if (!equal(of_a, of_b, has_open_tool)) return Sameness::different;
  }
  return Sameness::same;
}

}  // namespace mcpauth::policy::lint
