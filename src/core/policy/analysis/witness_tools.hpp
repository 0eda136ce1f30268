#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

/// Tool names such that what holds for each of them holds for every tool. There is one for every
/// set of tool patterns that some tool matches, and all exact names are among them. Where only
/// patterns match, the name is made up: `hr/set_~` for `hr/set_*`.
struct WitnessTools {
  std::vector<std::string> names = {};  ///< sorted, each once
  /// False when the patterns overlap in too many ways. Then each pattern has a witness, but not
  /// each way in which several of them match the same tool.
  bool is_complete = true;
};

/// The witnesses for one policy, or for several that are compared. `most` bounds the work: the
/// places in patterns, summed over the states of the automaton.
WitnessTools witness_tools(std::span<const policy::Policy* const> policies,
                           std::size_t most = 1'000'000);

}  // namespace mcpauth::policy::analysis
