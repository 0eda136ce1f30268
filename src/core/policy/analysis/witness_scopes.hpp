#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

/// Concrete scopes such that what holds for each of them holds for every scope.
///
/// Where each policy has a catalogue, these are the scopes that it lists. Without a catalogue a
/// scope may be anything, but what a policy makes of it depends only on which patterns match it. So
/// there is one witness for every set of patterns that some scope matches. It is made up where the
/// policy names none: the segment "any-other", or "any-other-2" and so on, is one that no pattern
/// names.
struct WitnessScopes {
  std::vector<std::string> scopes = {};  ///< sorted, each once
  /// False when there were more sets of patterns than `most`. Then only the named scopes are here,
  /// and an answer that is based on them must say so.
  bool is_complete = true;
};

/// The witnesses for one policy, or for several that are compared. Nothing points into the
/// policies.
WitnessScopes witness_scopes(std::span<const policy::Policy* const> policies,
                             std::size_t most = 50'000);

/// Every scope that the policy names, in its catalogue or as the need of a tool. Sorted, each once.
std::vector<std::string> named_scopes(const policy::Policy& policy);

}  // namespace mcpauth::policy::analysis
