#include "core/policy/analysis/expiries.hpp"

namespace mcpauth::policy::analysis {

std::set<Instant> expiries_after(std::span<const Policy* const> policies, Instant now) {
  std::set<Instant> out;
  for (const auto* policy : policies) {
    for (const auto& grant : policy->grants) {
      if (grant.until && *grant.until > now) out.insert(*grant.until);
    }
  }
  return out;
}

}  // namespace mcpauth::policy::analysis
