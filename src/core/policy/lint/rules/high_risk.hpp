#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/policy/lint/finding/subject.hpp"

namespace mcpauth::policy::lint {

/// A role that gives a high-risk scope to a group. A scope is high-risk when the catalogue says so.
/// For a tool that its server marks as destructive, the riskiest scopes that it needs count as
/// high-risk too, if the group holds all that the tool needs.
struct HighRisk {
  std::string scope;
  std::string why;  ///< "risk high", "`hr/set_salary` destroys"
  const policy::Role* role = nullptr;
  const policy::Grant* grant = nullptr;
  std::optional<std::chrono::seconds> ttl = {};  ///< the shortest of the roles that the group holds
};

struct HighRisks {
  std::vector<HighRisk> list = {};
  bool is_complete = true;  ///< false: there were too many to ask about
};

/// Every role that gives a high-risk scope to a group, each with the first grant that does so. Asks
/// the engine. Empty if the subject is not usable.
HighRisks high_risks_of(const Subject& subject);

}  // namespace mcpauth::policy::lint
