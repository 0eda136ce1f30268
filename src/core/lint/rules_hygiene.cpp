#include "core/lint/families.hpp"

namespace mcpauth::lint {

std::span<const Rule> hygiene_rules() {
  return {};
}

void check_hygiene(const Subject& subject, Findings& findings) {
  (void)subject;
  (void)findings;
}

}  // namespace mcpauth::lint
