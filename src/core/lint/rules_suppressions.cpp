#include "core/lint/families.hpp"

namespace mcpauth::lint {

std::span<const Rule> suppressions_rules() {
  return {};
}

}  // namespace mcpauth::lint
