#include "core/lint/families.hpp"

namespace mcpauth::lint {

std::span<const Rule> time_rules() {
  return {};
}

void check_time(const Subject& subject, Findings& findings) {
  (void)subject;
  (void)findings;
}

}  // namespace mcpauth::lint
