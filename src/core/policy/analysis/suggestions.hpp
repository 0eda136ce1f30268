#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/policy/analysis/explain.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

/// A name that the policy does not have, and the one of its names that may have been meant.
struct Suggestion {
  std::string what;  ///< "tool", "scope" or "group"
  std::string asked;
  std::string meant;
  /// "the policy has no tool `get`; did you mean `hr/get`?"
  std::string text() const;
};

/// The one for a tool, a name without its server among them, or for a scope, a pattern among them
/// (then the first scope that it covers). Nothing where the policy has the name or none is near.
std::vector<Suggestion> suggestions(const policy::Policy& policy, std::string_view asked,
                                    bool is_tool);
/// Also for the groups of whoever asks, a few at most.
std::vector<Suggestion> suggestions(const policy::Policy& policy, const Question& question);

}  // namespace mcpauth::policy::analysis
