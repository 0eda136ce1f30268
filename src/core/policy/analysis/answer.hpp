#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/policy/analysis/explain.hpp"

namespace mcpauth::policy::analysis {

/// Reads a question from one JSON object: `groups`, `org`, either `tool` or `scope`, and optionally
/// `subject`. Anything else is an error.
Result<Question> parse_question(std::string_view line);

enum class Answered : std::uint8_t { allowed, denied, failed };

/// Answers the question on a line. Appends one JSON object and a newline to `out`: the decision,
/// its reason, and the place of the rule that decided, if there is one. A line that is not a
/// question is answered with an error.
Answered answer(const policy::Engine& engine, std::string_view line, std::uint64_t number,
                Instant now, std::string& out);

/// The place of the rule behind a decision: the first deny, else the first pattern that allows,
/// else the tool's entry. Null when nothing in the policy decided.
const policy::Place* deciding_place(const policy::Decision& decision);

/// "rbac.toml:14:12", without the parts that are unknown.
std::string text_of(const policy::Place& place);

}  // namespace mcpauth::policy::analysis
