#include "core/lint/families.hpp"

namespace mcpauth::lint {

std::span<const Rule> privilege_rules() {
  return {};
}

void check_privilege(const Subject& subject, Findings& findings) {
  (void)subject;
  (void)findings;
}

}  // namespace mcpauth::lint
