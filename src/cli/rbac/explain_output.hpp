#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/env.hpp"
#include "core/codec/json.hpp"
#include "core/policy/analysis/explain.hpp"
#include "core/policy/analysis/remedy.hpp"
#include "core/policy/analysis/suggestions.hpp"

namespace mcpauth::cli {

/// Names that may have been mistyped, for the answer to a question.
using Suggestions = std::vector<policy::analysis::Suggestion>;
/// A line for each.
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

/// "`a`, `b` and 3 more", escaped.
std::string some_of(std::span<const std::string> names, std::size_t most);

enum class Tint { good, bad, dim, strong };
/// The text in a colour, where there are colours.
std::string tinted(const Env& env, Tint tint, std::string_view text);

}  // namespace mcpauth::cli
