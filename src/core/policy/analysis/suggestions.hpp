#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/policy/analysis/explain.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

/// A name that the policy does not have, and the name in it that was probably meant.
struct Suggestion {
  std::string what;  ///< "tool", "scope" or "group"
  std::string asked;
  std::string meant;
  /// "the policy has no tool `get`; did you mean `hr/get`?"
  std::string text() const;
};

/// The suggestion for a tool or a scope. A tool may lack its server. For a scope pattern the first
/// scope that it matches is suggested. Empty when the policy has the name or none is similar.
std::vector<Suggestion> suggestions(const policy::Policy& policy, std::string_view asked,
                                    bool is_tool);
/// The same, and suggestions for at most a few of the principal's groups.
std::vector<Suggestion> suggestions(const policy::Policy& policy, const Question& question);

}  // namespace mcpauth::policy::analysis
