#pragma once

#include <vector>

#include "cli/frame/env.hpp"
#include "core/codec/json.hpp"
#include "core/policy/analysis/explain.hpp"
#include "core/policy/analysis/remedy.hpp"
#include "core/policy/analysis/suggestions.hpp"

namespace mcpauth::cli {

/// Names that were probably meant where the policy has no such name.
using Suggestions = std::vector<policy::analysis::Suggestion>;
/// Prints one line for each.
void print_suggestions(const Suggestions& suggestions, Env& env);
json::Array suggestions_json(const Suggestions& suggestions);

/// Prints why a question was decided as it was, and what would change a denial.
void print_explanation(const policy::analysis::Question& question,
                       const policy::analysis::Explanation& explanation,
                       const policy::analysis::Remedies& remedies, const Suggestions& suggestions,
                       Env& env);
void print_explanation_json(const policy::analysis::Question& question,
                            const policy::analysis::Explanation& explanation,
                            const policy::analysis::Remedies& remedies,
                            const Suggestions& suggestions, Env& env);

}  // namespace mcpauth::cli
