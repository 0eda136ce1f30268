#include "core/lint/families.hpp"

namespace mcpauth::lint {

std::span<const Rule> shape_rules() {
  return {};
}

void check_shape(const Subject& subject, Findings& findings) {
  (void)subject;
  (void)findings;
}

}  // namespace mcpauth::lint
