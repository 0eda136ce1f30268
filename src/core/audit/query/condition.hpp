#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/audit/log/line.hpp"

namespace mcpauth::audit::query {

/// There is a value: not null, and for scopes one at least.
struct Present {};
/// The text, or one of the scopes, is this.
struct Equals {
  std::string text;
};
/// The text, or one of the scopes, is like this pattern (glob.hpp).
struct Like {
  std::string pattern;
};
/// The number, or the time in seconds since the epoch, is from `low` to `high`; of none if they
/// are the wrong way round. A bound that was not given is the end of int64.
struct Within {
  std::int64_t low;
  std::int64_t high;
};

/// One test of one field. Of null none holds.
struct Comparison {
  audit::Field field = audit::Field::seq;
  std::variant<Present, Equals, Like, Within> test;
};

/// A filter, parsed. `!=` and `!~` are negations here: what is absent is not anything.
struct Condition {
  enum class Kind { all, any, negation, comparison };
  Kind kind = Kind::comparison;
  std::vector<Condition> parts = {};  ///< of `all` and `any`; the one that is negated
  Comparison comparison = {};
};

bool holds(const Condition& condition, const audit::LineView& record);

/// Texts that stand in the line of every record for which it holds, unless the line has an escape.
std::vector<std::string> needed_by(const Condition& condition);

}  // namespace mcpauth::audit::query
