#include "core/lint/families.hpp"

namespace mcpauth::lint {

std::span<const Rule> names_rules() {
  return {};
}

void check_names(const Subject& subject, Findings& findings) {
  (void)subject;
  (void)findings;
}

}  // namespace mcpauth::lint
