#include "core/lint/families.hpp"

namespace mcpauth::lint {

std::span<const Rule> references_rules() {
  return {};
}

void check_references(const Subject& subject, Findings& findings) {
  (void)subject;
  (void)findings;
}

}  // namespace mcpauth::lint
