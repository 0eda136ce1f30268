#include "core/lint/same.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/analysis/members.hpp"
#include "core/analysis/universe.hpp"

namespace mcpauth::lint {
namespace {

using analysis::Effective;
using policy::Standing;

constexpr std::size_t kMostWork = 20'000'000;  // a second or two

using Needs = std::map<std::string_view, std::set<std::string_view>>;

Needs needs_of(const policy::Policy& policy) {
  Needs out;
  for (const auto& tool : policy.tools) {
    auto& needs = out[tool.pattern.value];
    for (const auto& need : tool.needs)
      needs.insert(need.value);
  }
  return out;
}

/// Now, and each later instant from which a grant of one of them no longer applies.
std::set<Instant> moments_of(std::span<const policy::Policy* const> policies, Instant now) {
  std::set<Instant> out{now};
  for (const auto* policy : policies) {
    for (const auto& grant : policy->grants) {
      if (grant.until && *grant.until > now) out.insert(*grant.until);
    }
  }
  return out;
}

/// What one member has by one policy.
struct Hold {
  bool any = false;
  std::optional<std::chrono::seconds> ttl = {};
  const std::vector<Standing>* standing = nullptr;  ///< null: none to any scope
};

Hold hold_of(const Effective& effective, std::size_t kind) {
  if (kind == Effective::kNothing) return {};
  Hold out{.any = true, .standing = &effective.kinds[kind].standing};
  for (const auto& held : effective.kinds[kind].roles) {
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
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    const std::pair kinds(a.kind_of[i], b.kind_of[i]);
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
  const auto needs = needs_of(a);
  if (needs != needs_of(b)) return Sameness::different;
  const bool has_open_tool =
      std::ranges::any_of(needs, [](const auto& entry) { return entry.second.empty(); });
  const std::array both{&a, &b};
  if (analysis::most_members(both) > analysis::kMostMembers) return Sameness::unknown;
  const auto universe = analysis::universe_of(both);
  const auto members = analysis::members_of(both);
  const auto moments = moments_of(both, now);
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

}  // namespace mcpauth::lint
