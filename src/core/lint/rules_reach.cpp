#include "core/lint/families.hpp"

namespace mcpauth::lint {

std::span<const Rule> reach_rules() {
  return {};
}

void check_reach(const Subject& subject, Findings& findings) {
  (void)subject;
  (void)findings;
}

}  // namespace mcpauth::lint
