#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy::analysis {

/// Tool names that stand for all there are: for every set of tool patterns that some tool matches,
/// one such tool is here, the exact names among them. Names of patterns are made up: `hr/set_*` is
/// stood for by `hr/set_~` or the like.
struct WitnessTools {
  std::vector<std::string> names = {};  ///< sorted, each once
  /// False when the patterns overlap in more ways than could be followed: then each pattern has a
  /// name here, but not each way in which several of them meet.
  bool is_complete = true;
};

/// The tools of one policy, or of two to be compared. `most` bounds the work: places in patterns.
WitnessTools witness_tools(std::span<const policy::Policy* const> policies,
                           std::size_t most = 1'000'000);

}  // namespace mcpauth::policy::analysis
