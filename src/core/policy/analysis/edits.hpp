#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/policy/analysis/explain.hpp"

namespace mcpauth::policy::analysis {

/// One change of a policy that a person can make.
struct Edit {
  std::string text;          ///< imperative, names in `backquotes`: "add a grant of role `hr` to …"
  policy::Place place = {};  ///< what is to be changed; no file: something new
  std::string toml = {};     ///< what to write; may be empty
  std::function<void(policy::Policy&)> apply = {};
};

/// The edits that could turn this allow into a denial, untried.
std::vector<Edit> edits_against(const policy::Engine& engine, const Question& question,
                                Instant now);

/// The edits that could help with this denial, untried; the likeliest first and not many.
std::vector<Edit> edits_for(const policy::Engine& engine, const Question& question, Instant now);

}  // namespace mcpauth::policy::analysis
