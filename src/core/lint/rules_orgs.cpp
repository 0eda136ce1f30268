#include "core/lint/families.hpp"

namespace mcpauth::lint {

std::span<const Rule> orgs_rules() {
  return {};
}

void check_orgs(const Subject& subject, Findings& findings) {
  (void)subject;
  (void)findings;
}

}  // namespace mcpauth::lint
