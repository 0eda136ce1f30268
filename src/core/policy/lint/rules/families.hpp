#pragma once

#include <span>
#include <string_view>

#include "core/policy/lint/finding/findings.hpp"
#include "core/policy/lint/rules/context.hpp"

namespace mcpauth::policy::lint {

/// Rules that one check looks for. A file in the folder of a family defines one group: the text of
/// its rules, their examples, and the check.
struct RuleGroup {
  std::span<const Rule* const> rules = {};
  /// Null if the rules are found elsewhere: faults by shape/faults.cpp, suppressions by
  /// check_directives.
  void (*check)(Context& context, Findings& findings) = nullptr;
};

/// The rules about one topic: the folder of that name.
struct Family {
  std::string_view name;                   ///< "privilege"
  std::span<RuleGroup (*const)()> groups;  ///< in the order in which they are checked
};

/// All families, in the order in which they are checked. A new rule is listed in families.cpp,
/// through its group.
std::span<const Family> families();

/// Checks all groups of a family.
void check(const Family& family, Context& context, Findings& findings);

}  // namespace mcpauth::policy::lint
