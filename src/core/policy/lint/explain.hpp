#pragma once

#include <string>

#include "core/codec/json.hpp"
#include "core/policy/lint/finding/rule.hpp"

namespace mcpauth::policy::lint {

/// The page of a rule for people: what it finds, why it matters, both examples, and how to silence
/// it.
std::string explain(const Rule& rule);
json::Value explain_json(const Rule& rule);

/// One line for each rule.
std::string list_rules();
/// The full pages of all rules (mcpauth.rbac.rules/1).
json::Value list_rules_json();

}  // namespace mcpauth::policy::lint
