#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/audit/log/line.hpp"

namespace mcpauth::audit::query {

/// The field has a value: it is not null, and `scopes` is not empty.
struct Present {};
/// The text, or one of the scopes, is `text`.
struct Equals {
  std::string text;
};
/// The text, or one of the scopes, matches the pattern (glob.hpp).
struct Like {
  std::string pattern;
};
/// The number, or the time in seconds since the epoch, is at least `low` and at most `high`. A
/// bound that was not given is the least or greatest int64.
struct Within {
  std::int64_t low;
  std::int64_t high;
};

/// One test of one field. No test holds for null.
struct Comparison {
  audit::Field field = audit::Field::seq;
  std::variant<Present, Equals, Like, Within> test;
};

/// A parsed filter. `!=` and `!~` become negations, so they hold for null.
struct Condition {
  enum class Kind { all, any, negation, comparison };
  Kind kind = Kind::comparison;
  std::vector<Condition> parts = {};  ///< of `all` and `any`; of `negation`, the one negated
  Comparison comparison = {};
};

bool holds(const Condition& condition, const audit::LineView& record);

/// Texts that the line of every record contains for which the condition holds, unless the line has
/// an escape.
std::vector<std::string> needed_by(const Condition& condition);

}  // namespace mcpauth::audit::query
