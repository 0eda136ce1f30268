#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/policy/analysis/explain.hpp"

namespace mcpauth::policy::analysis {

/// A change to a policy that a person can make.
struct Edit {
  std::string text;          ///< imperative, names in backquotes: "add a grant of role `hr` to …"
  policy::Place place = {};  ///< of what changes; without a file when it adds something new
  std::string toml = {};     ///< the text to write; may be empty
  std::function<void(policy::Policy&)> apply = {};
};

/// Edits that could turn this allow into a denial. None of them has been tried.
std::vector<Edit> edits_against(const policy::Engine& engine, const Question& question,
                                Instant now);

/// A few edits that could help against this denial, the likeliest first. None has been tried.
std::vector<Edit> edits_for(const policy::Engine& engine, const Question& question, Instant now);

}  // namespace mcpauth::policy::analysis
