#include "core/policy/lint/rules/orgs/named_orgs.hpp"

namespace mcpauth::policy::lint {

std::map<std::string_view, policy::Place> named_orgs(const policy::Policy& policy) {
  std::map<std::string_view, policy::Place> out;
  for (const auto& org : policy.orgs)
    out.try_emplace(org.name.value, org.name.place);
  for (const auto& grant : policy.grants) {
    if (grant.org && grant.org->value != "*") out.try_emplace(grant.org->value, grant.org->place);
  }
  return out;
}

}  // namespace mcpauth::policy::lint
