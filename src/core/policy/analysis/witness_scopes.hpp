#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

/// Concrete scopes that stand for all there are: what holds for each of these holds for every
/// scope.
///
/// Where each policy has a catalogue these are the scopes listed. Without one a scope may be
/// anything, but what a policy makes of it depends only on which of its patterns match. So for
/// every set of patterns that some scope matches, one such scope is here, made up where none is
/// named: a segment called "any-other" (or with a number behind it) stands for whatever no pattern
/// names.
struct WitnessScopes {
  std::vector<std::string> scopes = {};  ///< sorted, each once
  /// False when there were more sets of patterns than `most`: then only the scopes that are named
  /// are sure to be here, and an answer that rests on it must say so.
  bool is_complete = true;
};

/// The witnesses of one policy, or of two to be compared. They must outlive nothing.
WitnessScopes witness_scopes(std::span<const policy::Policy* const> policies,
                             std::size_t most = 50'000);

/// Every scope that the policy names: its catalogue and what its tools need; sorted, each once.
std::vector<std::string> named_scopes(const policy::Policy& policy);

}  // namespace mcpauth::policy::analysis
