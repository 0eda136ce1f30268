#include "core/policy/engine/grant_index.hpp"

#include <algorithm>

namespace mcpauth::policy {

std::size_t GrantIndex::Hash::operator()(const Key& key) const {
  const std::hash<std::string_view> hash;
  return hash(key.group) ^ (hash(key.org) * 0x9E3779B97F4A7C15U);
}

GrantIndex::GrantIndex(const Policy& policy) : policy_(&policy) {
  for (GrantId id = 0; id < policy.grants.size(); ++id) {
    const auto& grant = policy.grants[id];
    if (grant.org && grant.org->value.empty()) continue;  // it would mean every org
    const std::string_view org = grant.org ? std::string_view(grant.org->value) : "";
    for (const auto& group : grant.groups)
      grants_[{group.value, org}].push_back(id);
  }
  for (const auto& org : policy.orgs) {
    if (!org.idps) continue;
    auto& idps = idps_[org.name.value];
    for (const auto& idp : *org.idps)
      idps.insert(idp.value);
  }
}

std::vector<GrantId> GrantIndex::applying(const Principal& principal, Instant now) const {
  std::vector<GrantId> found;
  if (principal.org.empty()) return found;
  const auto accepted = idps_.find(principal.org);
  for (const std::string_view group : principal.groups) {
    const auto idp = group.substr(0, group.find(':'));
    if (accepted != idps_.end() && !accepted->second.contains(idp)) continue;
    collect({group, principal.org}, now, found);
    collect({group, {}}, now, found);
  }
  if (found.size() > 1) {
    std::ranges::sort(found);
    found.erase(std::ranges::unique(found).begin(), found.end());
  }
  return found;
}

void GrantIndex::collect(const Key& key, Instant now, std::vector<GrantId>& out) const {
  const auto found = grants_.find(key);
  if (found == grants_.end()) return;
  for (const GrantId id : found->second) {
    const auto& until = policy_->grants[id].until;
    if (!until || now < *until) out.push_back(id);
  }
}

}  // namespace mcpauth::policy
