#pragma once

#include <span>
#include <string_view>

#include "core/policy/lint/finding/rule.hpp"

namespace mcpauth::policy::lint {

/// Every rule, by code.
std::span<const Rule> rules();

/// The rule of this name or code. The case of a code's letters does not matter. Null: no such rule.
const Rule* find_rule(std::string_view name_or_code);

}  // namespace mcpauth::policy::lint
