#pragma once

#include <string_view>

namespace mcpauth::policy::lint {

/// Whether a scope or tool pattern is nothing but wildcards, which RB201 reports.
constexpr bool is_global_wildcard(std::string_view pattern) {
  return pattern == "*" || pattern == "**" || pattern == "*/*";
}

}  // namespace mcpauth::policy::lint
